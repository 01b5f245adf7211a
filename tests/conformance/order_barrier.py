"""A barrier opens when the last has come, empties one by one, and fills again."""

import asyncio

from virtual_loop import run, turns


def look(barrier):
    return f"{barrier.n_waiting} of {barrier.parties}, broken: {int(barrier.broken)}"


async def worker(name, barrier):
    for number in range(2):
        print(f"{name}: comes, {look(barrier)}")
        index = await barrier.wait()
        print(f"{name}: round {number}, was {index}, {look(barrier)}")


async def main():
    barrier = asyncio.Barrier(3)
    ruler = asyncio.create_task(turns(14))
    tasks = [asyncio.create_task(worker(name, barrier)) for name in "abc"]
    for task in tasks:
        await task
    await ruler
    print(f"main: {look(barrier)}")


run(main)
