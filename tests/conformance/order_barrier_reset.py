"""A reset sends those who wait away with an error; who comes meanwhile waits outside."""

import asyncio

from virtual_loop import outcome, run, turns


async def worker(name, barrier):
    print(f"{name}: {await outcome(barrier.wait())}, waiting: {barrier.n_waiting}")


async def main():
    barrier = asyncio.Barrier(3)
    await barrier.reset()
    tasks = [asyncio.create_task(worker(name, barrier)) for name in "ab"]
    await asyncio.sleep(0)
    ruler = asyncio.create_task(turns(12))
    print(f"main: waiting: {barrier.n_waiting}")
    await barrier.reset()
    print(f"main: reset, waiting: {barrier.n_waiting}")
    tasks += [asyncio.create_task(worker(name, barrier)) for name in "cde"]
    await asyncio.sleep(0)
    await barrier.reset()
    print(f"main: reset, waiting: {barrier.n_waiting}, broken: {int(barrier.broken)}")
    for task in tasks:
        await task
    await ruler
    print(f"main: waiting: {barrier.n_waiting}")


run(main)
