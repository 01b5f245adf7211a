"""A putter that is cancelled after it was woken wakes another; the room is not lost."""

import asyncio

from virtual_loop import outcome, run, turns


async def putter(name, queue):
    await queue.put(name)
    print(f"{name}: put")


async def main():
    queue = asyncio.Queue(1)
    queue.put_nowait("first")
    tasks = [asyncio.create_task(putter(name, queue)) for name in "abcd"]
    await asyncio.sleep(0)
    ruler = asyncio.create_task(turns(6))
    tasks[0].cancel("before")
    print(f"main: got {queue.get_nowait()}")
    tasks[1].cancel("after")
    for task in tasks[:3]:
        print(f"main: {await outcome(task)}")
    await ruler
    print(f"main: got {await queue.get()}")
    await tasks[3]
    print(f"main: got {queue.get_nowait()}, empty: {int(queue.empty())}")


run(main)
