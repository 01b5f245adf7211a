"""What a task tells of itself: done, cancelled, result."""

import asyncio

from virtual_loop import run


async def work():
    await asyncio.sleep(1)
    return "Hello World!"


def show(when, task):
    try:
        result = task.result()
    except (asyncio.InvalidStateError, asyncio.CancelledError) as raised:
        result = type(raised).__name__
    print(f"{when}: done {task.done()}, cancelled {task.cancelled()}, result {result}")


async def main():
    task = asyncio.create_task(work(), name="work")
    other = asyncio.create_task(work(), name="other")
    show("made", task)
    await asyncio.sleep(0)
    show("waiting", task)
    other.cancel()
    await task
    show("ended", task)
    show("stopped", other)


run(main)
