"""Everyone takes the fork on the left, and then waits for the one on the right."""

import asyncio

from virtual_loop import run

N = 5


async def dine(number, left, right):
    async with left:
        print(f"philosopher {number}: took the left fork")
        await asyncio.sleep(0.010)
        async with right:
            print(f"philosopher {number}: eats")
            await asyncio.sleep(0.010)


async def main():
    forks = [asyncio.Lock() for _ in range(N)]
    tasks = [
        asyncio.create_task(dine(i + 1, forks[i], forks[(i + 1) % N]), name=f"philosopher {i + 1}")
        for i in range(N)
    ]
    await asyncio.gather(*tasks)


run(main)
