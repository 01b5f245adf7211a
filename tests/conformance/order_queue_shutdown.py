"""A queue that is shut down gives what it has, and then errors; who waits is woken."""

import asyncio

from virtual_loop import outcome, run, turns


async def putter(name, queue):
    print(f"{name}: {await outcome(queue.put(name))}")


async def getter(name, queue):
    print(f"{name}: {await outcome(queue.get())}")


async def joiner(queue):
    await queue.join()
    print("joined")


def try_now(call, *args):
    try:
        return f"{call(*args)}"
    except Exception as raised:
        return type(raised).__name__


async def main():
    queue = asyncio.Queue(1)
    queue.put_nowait("first")
    tasks = [asyncio.create_task(putter(name, queue)) for name in "ab"]
    join = asyncio.create_task(joiner(queue))
    await asyncio.sleep(0)
    ruler = asyncio.create_task(turns(3))
    queue.shutdown()
    queue.shutdown()
    print(f"main: size: {queue.qsize()}, {try_now(queue.put_nowait, 'more')}")
    for task in tasks:
        await task
    print(f"main: got {await queue.get()}")
    print(f"main: {try_now(queue.get_nowait)}, {await outcome(queue.get())}")
    print(f"main: {await outcome(queue.put('late'))}")
    queue.task_done()
    print(f"main: {try_now(queue.task_done)}")
    await join
    await ruler
    queue = asyncio.Queue()
    tasks = [asyncio.create_task(getter(name, queue)) for name in "cde"]
    await asyncio.sleep(0)
    ruler = asyncio.create_task(turns(3))
    tasks[1].cancel("too")
    queue.put_nowait("one")
    queue.shutdown()
    for task in tasks:
        print(f"main: {await outcome(task)}")
    await ruler


run(main)
