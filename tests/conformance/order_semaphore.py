"""Three tasks share two permits; a released permit goes to who waits, not to who asks next."""

import asyncio

from virtual_loop import run, turns


async def worker(name, semaphore):
    for number in range(2):
        async with semaphore:
            print(f"{name}: round {number}, locked: {int(semaphore.locked())}")
            await asyncio.sleep(0)
        print(f"{name}: released, locked: {int(semaphore.locked())}")


async def main():
    semaphore = asyncio.Semaphore(2)
    ruler = asyncio.create_task(turns(12))
    tasks = [asyncio.create_task(worker(name, semaphore)) for name in "abc"]
    for task in tasks:
        await task
    await ruler
    print(f"locked: {int(semaphore.locked())}")


run(main)
