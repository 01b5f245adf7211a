"""Who comes while the barrier empties waits until it is empty, and then counts for the next time."""

import asyncio

from virtual_loop import run, turns


async def worker(name, barrier):
    index = await barrier.wait()
    print(f"{name}: was {index}, waiting: {barrier.n_waiting}")


async def main():
    barrier = asyncio.Barrier(3)
    tasks = [asyncio.create_task(worker(name, barrier)) for name in "abcdefg"]
    ruler = asyncio.create_task(turns(14))
    await ruler
    print(f"main: waiting: {barrier.n_waiting}")
    tasks += [asyncio.create_task(worker(name, barrier)) for name in "hi"]
    for task in tasks:
        await task
    print(f"main: waiting: {barrier.n_waiting}")


run(main)
