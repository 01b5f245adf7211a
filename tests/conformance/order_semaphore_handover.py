"""Three permits released at once: the first waiter runs, and wakes those who came after him."""

import asyncio

from virtual_loop import run, turns


async def taker(name, semaphore):
    await semaphore.acquire()
    print(f"{name}: has it, locked: {int(semaphore.locked())}")


async def giver(semaphore):
    for number in range(3):
        semaphore.release()
    print(f"giver: released, locked: {int(semaphore.locked())}")
    await semaphore.acquire()
    print(f"giver: has it, locked: {int(semaphore.locked())}")


async def main():
    semaphore = asyncio.Semaphore(0)
    tasks = [
        asyncio.create_task(taker("first", semaphore)),
        asyncio.create_task(giver(semaphore)),
        asyncio.create_task(taker("late", semaphore)),
    ]
    await asyncio.create_task(turns(5))
    for task in tasks:
        await task
    print(f"main: locked: {int(semaphore.locked())}")


run(main)
