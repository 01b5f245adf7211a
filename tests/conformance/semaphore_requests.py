"""A semaphore of ten lets ten of thirty tasks in at a time."""

import asyncio

from virtual_loop import run


async def get(semaphore, number):
    async with semaphore:
        print(f"request {number}")
        await asyncio.sleep(1)
        print(f"answer {number}")


async def main():
    semaphore = asyncio.Semaphore(10)
    await asyncio.gather(*(get(semaphore, number) for number in range(30)))
    print(f"all after {asyncio.get_running_loop().time():.0f} s")


run(main)
