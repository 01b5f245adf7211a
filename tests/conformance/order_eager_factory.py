"""With the eager task factory every task starts at once, those that gather makes too."""

import asyncio

from virtual_loop import run


async def work(name, delay):
    print(f"{name} starts")
    if delay is not None:
        await asyncio.sleep(delay)
        print(f"{name} goes on")
    return name


async def main():
    asyncio.get_running_loop().set_task_factory(asyncio.eager_task_factory)
    tasks = [asyncio.create_task(work(name, delay)) for name, delay in [("a", None), ("b", 0)]]
    print(f"done: {[task.done() for task in tasks]}")
    tasks.append(asyncio.create_task(work("c", 1)))
    print(f"all: {len(asyncio.all_tasks())}")
    print(f"results: {' '.join(await asyncio.gather(*tasks))}")
    asyncio.get_running_loop().set_task_factory(None)
    task = asyncio.create_task(work("d", None))
    print("d is made")
    await task


run(main)
