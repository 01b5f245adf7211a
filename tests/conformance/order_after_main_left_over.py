"""How many turns the loop still makes when tasks are left over."""

import asyncio

from virtual_loop import run


def again(loop, turn):
    print(f"soon {turn}")
    loop.call_soon(again, loop, turn + 1)


async def sleeper():
    try:
        await asyncio.sleep(10)
    finally:
        print("sleeper: stops")


async def main():
    loop = asyncio.get_running_loop()
    asyncio.create_task(sleeper())
    await asyncio.sleep(0)
    loop.call_soon(again, loop, 0)
    print("main returns")


run(main)
