"""A LIFO queue gives the last item first, also to those who waited."""

import asyncio

from virtual_loop import run, turns


async def getter(name, queue):
    for _ in range(3):
        print(f"{name}: got {await queue.get()}")


async def main():
    queue = asyncio.LifoQueue(4)
    tasks = [asyncio.create_task(getter(name, queue)) for name in "ab"]
    await asyncio.sleep(0)
    ruler = asyncio.create_task(turns(5))
    for number in range(6):
        await queue.put(number)
        print(f"main: put {number}")
    for task in tasks:
        await task
    await ruler


run(main)
