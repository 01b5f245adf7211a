"""shutdown(immediate=True) empties the queue, and lets go whoever waits in join()."""

import asyncio

from virtual_loop import outcome, run, turns


async def joiner(name, queue):
    await queue.join()
    print(f"{name}: joined")


async def main():
    queue = asyncio.PriorityQueue(3)
    for item in (3, 1, 2):
        queue.put_nowait(item)
    put = asyncio.create_task(queue.put(4))
    join = asyncio.create_task(joiner("first", queue))
    await asyncio.sleep(0)
    ruler = asyncio.create_task(turns(3))
    queue.shutdown(immediate=True)
    print(f"main: size: {queue.qsize()}, full: {int(queue.full())}")
    print(f"main: {await outcome(put)}, {await outcome(queue.get())}")
    await join
    await ruler
    queue = asyncio.LifoQueue()
    for item in range(3):
        queue.put_nowait(item)
    print(f"main: got {queue.get_nowait()}")
    join = asyncio.create_task(joiner("second", queue))
    await asyncio.sleep(0)
    queue.shutdown(immediate=True)
    await asyncio.create_task(turns(2))
    print(f"main: joined: {int(join.done())}")
    queue.task_done()
    await join
    try:
        queue.task_done()
    except ValueError as raised:
        print(f"main: {raised}")


run(main)
