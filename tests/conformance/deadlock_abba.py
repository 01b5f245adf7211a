"""Two tasks take two locks in opposite order."""

import asyncio

from virtual_loop import run


async def transfer(name, first, second):
    async with first:
        print(f"{name}: first lock taken")
        await asyncio.sleep(0.010)
        async with second:
            print(f"{name}: both locks taken")


async def main():
    a = asyncio.Lock()
    b = asyncio.Lock()
    tasks = [
        asyncio.create_task(transfer("A to B", a, b), name="A to B"),
        asyncio.create_task(transfer("B to A", b, a), name="B to A"),
    ]
    await asyncio.gather(*tasks)


run(main)
