"""A task that cancels itself goes on to its next await."""

import asyncio

from virtual_loop import outcome, run


async def stop_myself():
    asyncio.current_task().cancel("enough")
    print("still here")
    await asyncio.sleep(0)
    print("never")


async def stop_myself_and_end():
    asyncio.current_task().cancel("unheard")
    return 1


async def main():
    print(await outcome(asyncio.create_task(stop_myself())))
    print(await outcome(asyncio.create_task(stop_myself_and_end())))


run(main)
