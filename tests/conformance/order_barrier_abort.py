"""A broken barrier stays broken until it is reset."""

import asyncio

from virtual_loop import describe, outcome, run, turns


async def worker(name, barrier):
    print(f"{name}: {await outcome(barrier.wait())}, broken: {int(barrier.broken)}")


async def main():
    for parties in (0, -4):
        try:
            asyncio.Barrier(parties)
        except ValueError as raised:
            print(describe(raised))
    barrier = asyncio.Barrier(3)
    tasks = [asyncio.create_task(worker(name, barrier)) for name in "ab"]
    await asyncio.sleep(0)
    ruler = asyncio.create_task(turns(8))
    await barrier.abort()
    print(f"main: broken: {int(barrier.broken)}, waiting: {barrier.n_waiting}")
    for task in tasks:
        await task
    print(f"main: {await outcome(barrier.wait())}")
    await barrier.reset()
    print(f"main: broken: {int(barrier.broken)}, waiting: {barrier.n_waiting}")
    tasks = [asyncio.create_task(worker(name, barrier)) for name in "cd"]
    await barrier.wait()
    for task in tasks:
        await task
    await ruler


run(main)
