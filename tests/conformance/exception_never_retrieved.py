"""A failure that nobody looks at."""

import asyncio

from virtual_loop import run


async def fine():
    await asyncio.sleep(2)
    print("the first task has ended")


async def failing():
    await asyncio.sleep(3)
    raise ValueError("in the second task")


async def main():
    tasks = [asyncio.create_task(fine()), asyncio.create_task(failing())]
    done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    print(f"done: {len(done)}")
    done, _ = await asyncio.wait(tasks)
    print(f"done: {len(done)}, and nobody has looked")


run(main)
