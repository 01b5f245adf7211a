"""A getter that is cancelled after it was woken wakes another; its item is not lost."""

import asyncio

from virtual_loop import outcome, run, turns


async def getter(name, queue):
    print(f"{name}: got {await queue.get()}")


async def main():
    queue = asyncio.Queue()
    tasks = [asyncio.create_task(getter(name, queue)) for name in "abcd"]
    await asyncio.sleep(0)
    ruler = asyncio.create_task(turns(6))
    tasks[0].cancel("before")
    queue.put_nowait(1)
    tasks[1].cancel("after")
    print(f"main: size: {queue.qsize()}")
    for task in tasks[:3]:
        print(f"main: {await outcome(task)}")
    await ruler
    queue.put_nowait(2)
    await tasks[3]
    print(f"main: size: {queue.qsize()}")


run(main)
