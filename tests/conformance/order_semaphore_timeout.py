"""A permit comes in the very turn in which the waiter gives up: it is not lost."""

import asyncio

from virtual_loop import outcome, run, turns


async def impatient(name, semaphore, delay):
    print(f"{name}: {await outcome(asyncio.wait_for(semaphore.acquire(), delay))}")


async def main():
    semaphore = asyncio.Semaphore(0)
    tasks = [
        asyncio.create_task(impatient("a", semaphore, 1)),
        asyncio.create_task(impatient("b", semaphore, 2)),
        asyncio.create_task(impatient("c", semaphore, 3)),
    ]
    await asyncio.sleep(1)
    semaphore.release()
    await asyncio.create_task(turns(5))
    semaphore.release()
    for task in tasks:
        await task
    print(f"main: locked: {int(semaphore.locked())}")


run(main)
