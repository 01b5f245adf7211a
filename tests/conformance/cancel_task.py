"""A task that runs until it is cancelled."""

import asyncio

from virtual_loop import run


async def tick():
    while True:
        await asyncio.sleep(1)
        print("the task is running")


async def main():
    task = asyncio.create_task(tick(), name="ticker")
    await asyncio.sleep(3)
    task.cancel()
    try:
        await task
    except asyncio.CancelledError:
        print("the task is cancelled")


run(main)
