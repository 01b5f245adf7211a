"""An item comes in the very turn in which the getter gives up."""

import asyncio

from virtual_loop import outcome, run, turns


async def getter(name, queue, delay):
    print(f"{name}: {await outcome(asyncio.wait_for(queue.get(), delay))}")


async def main():
    queue = asyncio.Queue()
    tasks = [
        asyncio.create_task(getter("a", queue, 1)),
        asyncio.create_task(getter("b", queue, 2)),
        asyncio.create_task(getter("c", queue, 3)),
    ]
    await asyncio.sleep(1)
    queue.put_nowait(1)
    await asyncio.create_task(turns(5))
    print(f"main: size: {queue.qsize()}")
    queue.put_nowait(2)
    for task in tasks:
        await task
    print(f"main: size: {queue.qsize()}")


run(main)
