"""all_tasks() lists what is not done yet (in no order there: sorted by number here)."""

import asyncio

from virtual_loop import run


async def work(number):
    print(f"task {number} is running")
    await asyncio.sleep(1)


async def main():
    started = [asyncio.create_task(work(number)) for number in range(10)]
    await asyncio.sleep(0.1)
    names = [task.get_name() for task in asyncio.all_tasks()]
    for name in sorted(names, key=lambda name: int(name.removeprefix("Task-"))):
        print(f"> {name}")
    for task in started:
        await task
    print(f"left: {len(asyncio.all_tasks())}")


run(main)
