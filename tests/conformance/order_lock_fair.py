"""Who asks for a lock gets it in the order of asking; who releases it goes to the end."""

import asyncio

from virtual_loop import run, turns


async def worker(name, lock):
    for round in range(2):
        async with lock:
            print(f"{name}: round {round}")
            await asyncio.sleep(0)
        print(f"{name}: released")


async def main():
    lock = asyncio.Lock()
    ruler = asyncio.create_task(turns(12))
    workers = [asyncio.create_task(worker(name, lock)) for name in "abc"]
    for task in workers:
        await task
    await ruler


run(main)
