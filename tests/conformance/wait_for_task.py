"""Given a task, wait_for cancels that task."""

import asyncio

from virtual_loop import run


async def work():
    print("the task takes 1.65 s")
    await asyncio.sleep(1.65)
    print("the task is done")


async def main():
    task = asyncio.create_task(work(), name="work")
    try:
        await asyncio.wait_for(task, timeout=0.2)
    except asyncio.TimeoutError:
        print(f"gave up waiting; cancelled: {task.cancelled()}")


run(main)
