"""A barrier for one never makes anybody wait."""

import asyncio

from virtual_loop import run, turns


async def main():
    barrier = asyncio.Barrier(1)
    ruler = asyncio.create_task(turns(3))
    for number in range(3):
        index = await barrier.wait()
        print(f"main: round {number}, was {index}, waiting: {barrier.n_waiting}")
    await ruler


run(main)
