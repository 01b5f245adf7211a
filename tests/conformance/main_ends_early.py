"""main does not wait for its task, which never gets to its end."""

import asyncio

from virtual_loop import run


async def work():
    await asyncio.sleep(3)
    print("the task ends")


async def main():
    task = asyncio.create_task(work(), name="work")
    print("the task is done" if task.done() else "the task is still running")


run(main)
