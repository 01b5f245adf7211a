"""Main is a task like any other, and can be cancelled."""

import asyncio

from virtual_loop import run


async def stop(task):
    await asyncio.sleep(1)
    print("stopping main")
    task.cancel("stop")


async def main():
    asyncio.create_task(stop(asyncio.current_task()))
    try:
        await asyncio.sleep(10)
    finally:
        print("main: finally")


run(main)
