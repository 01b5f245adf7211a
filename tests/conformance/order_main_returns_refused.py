"""The end waits for tasks that refuse to stop, but not for those that they start."""

import asyncio

from virtual_loop import run


async def helper():
    print("helper: started")
    await asyncio.sleep(10)
    print("helper: never")


async def refuse():
    try:
        await asyncio.sleep(10)
    except asyncio.CancelledError:
        print("refuse: goes on")
    asyncio.create_task(helper())
    await asyncio.sleep(2)
    print("refuse: done")


async def main():
    asyncio.create_task(refuse())
    await asyncio.sleep(1)
    print("main returns")


run(main)
