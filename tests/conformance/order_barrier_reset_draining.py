"""A reset while the barrier empties: those who have not left yet get the error."""

import asyncio

from virtual_loop import outcome, run, turns


async def worker(name, barrier):
    print(f"{name}: {await outcome(barrier.wait())}")
    if name == "e":
        await barrier.reset()
        print(f"{name}: reset, waiting: {barrier.n_waiting}, broken: {int(barrier.broken)}")
    else:
        print(f"{name}: again: {await outcome(barrier.wait())}")


async def main():
    barrier = asyncio.Barrier(5)
    tasks = [asyncio.create_task(worker(name, barrier)) for name in "abcde"]
    await asyncio.create_task(turns(16))
    print(f"main: waiting: {barrier.n_waiting}")
    await barrier.wait()
    for task in tasks:
        await task
    print(f"main: waiting: {barrier.n_waiting}")


run(main)
