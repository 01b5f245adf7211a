"""Who is cancelled while waiting does not count any more; one who was let go already, does."""

import asyncio

from virtual_loop import outcome, run, turns


async def worker(name, barrier):
    print(f"{name}: comes")
    index = await barrier.wait()
    print(f"{name}: was {index}, waiting: {barrier.n_waiting}")


async def main():
    barrier = asyncio.Barrier(3)
    tasks = [asyncio.create_task(worker(name, barrier)) for name in "ab"]
    await asyncio.sleep(0)
    print(f"main: waiting: {barrier.n_waiting}")
    tasks[0].cancel("while waiting")
    print(f"main: {await outcome(tasks[0])}, waiting: {barrier.n_waiting}")
    tasks += [asyncio.create_task(worker(name, barrier)) for name in "cde"]
    ruler = asyncio.create_task(turns(9))
    await asyncio.sleep(0)
    print(f"main: waiting: {barrier.n_waiting}")
    tasks[2].cancel("on its way out")
    tasks[4].cancel("at the door")
    for task in tasks[1:]:
        print(f"main: {await outcome(task)}, waiting: {barrier.n_waiting}")
    await ruler
    print(f"main: waiting: {barrier.n_waiting}")


run(main)
