"""Two tasks take two locks in opposite order; one is patient only for a second."""

import asyncio

from virtual_loop import run


async def transfer(name, first, second, patience):
    async with first:
        print(f"{name}: first lock taken")
        await asyncio.sleep(0.010)
        try:
            await asyncio.wait_for(second.acquire(), patience)
        except TimeoutError:
            print(f"{name}: gave up")
            return
        print(f"{name}: both locks taken")
        second.release()


async def main():
    a = asyncio.Lock()
    b = asyncio.Lock()
    tasks = [
        asyncio.create_task(transfer("A to B", a, b, 1), name="A to B"),
        asyncio.create_task(transfer("B to A", b, a, 5), name="B to A"),
    ]
    await asyncio.gather(*tasks)
    print("main: both tasks ended")


run(main)
