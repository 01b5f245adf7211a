"""A task starts at the next turn of the loop, not where it is made."""

import asyncio

from virtual_loop import run


async def work():
    print("work starts")
    await asyncio.sleep(1)
    print("work ends")
    return 42


async def main():
    task = asyncio.create_task(work(), name="work")
    print("the task is made")
    print(f"result {await task}")


run(main)
