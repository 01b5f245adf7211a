"""One turn of the loop is enough for a task that never waits."""

import asyncio

from virtual_loop import run


async def compute():
    return 7


async def main():
    task = asyncio.create_task(compute(), name="compute")
    await asyncio.sleep(0)
    print(task.result())


run(main)
