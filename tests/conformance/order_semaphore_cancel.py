"""A cancelled waiter gives his place up, and a permit that he was already given goes on."""

import asyncio

from virtual_loop import outcome, run, turns


async def taker(name, semaphore):
    async with semaphore:
        print(f"{name}: has it")
        await asyncio.sleep(0)


async def main():
    semaphore = asyncio.Semaphore(0)
    tasks = [asyncio.create_task(taker(name, semaphore)) for name in "abcd"]
    await asyncio.sleep(0)
    ruler = asyncio.create_task(turns(6))
    tasks[0].cancel("before")
    semaphore.release()
    print(f"main: released, locked: {int(semaphore.locked())}")
    tasks[1].cancel("after")
    for task in tasks:
        print(f"main: {await outcome(task)}")
    await ruler
    print(f"main: locked: {int(semaphore.locked())}")


run(main)
