"""A download gives its slot back whatever happens."""

import asyncio

from virtual_loop import run

SLOTS = 2


async def transfer(name, seconds, broken):
    await asyncio.sleep(seconds)
    if broken:
        raise RuntimeError(f"{name}: connection reset")
    print(f"{name}: complete")


async def fetch(slots, name, seconds, broken):
    async with slots:
        await transfer(name, seconds, broken)


async def main():
    slots = asyncio.Semaphore(SLOTS)
    downloads = [("page", 1, False), ("film", 5, True), ("song", 2, False)]
    tasks = [asyncio.create_task(fetch(slots, *each), name=each[0]) for each in downloads]
    await asyncio.gather(*tasks, return_exceptions=True)
    print(f"{slots._value} of {SLOTS} slots are free")


run(main)
