"""A callback runs when the task is done."""

import asyncio

from virtual_loop import run


async def work():
    print("executing the task")
    await asyncio.sleep(3)
    return "I am alive"


async def main():
    task = asyncio.create_task(work(), name="work")
    print("main started")
    task.add_done_callback(lambda task: print(f"callback: {task.result()}"))
    await task
    print("main done")


run(main)
