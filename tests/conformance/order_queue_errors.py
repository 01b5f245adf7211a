"""What a queue refuses."""

import asyncio

from virtual_loop import describe, run


def attempt(call, *args):
    try:
        print(f"gives {call(*args)}")
    except Exception as raised:
        print(describe(raised))


async def main():
    queue = asyncio.Queue(maxsize=1)
    attempt(queue.get_nowait)
    attempt(queue.task_done)
    queue.put_nowait(7)
    attempt(queue.put_nowait, 8)
    print(f"size: {queue.qsize()}, full: {int(queue.full())}, empty: {int(queue.empty())}")
    attempt(queue.get_nowait)
    queue.task_done()
    attempt(queue.task_done)
    for maxsize in (0, -3):
        queue = asyncio.Queue(maxsize)
        for item in range(100):
            queue.put_nowait(item)
        print(f"size: {queue.qsize()} of {queue.maxsize}, full: {int(queue.full())}")


run(main)
