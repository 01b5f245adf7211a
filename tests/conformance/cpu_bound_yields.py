"""Work that lets others in now and then (its time is slept away here, in a blocking way)."""

import asyncio
import time

from virtual_loop import run


async def compute():
    print("compute starts")
    for _ in range(100):
        await asyncio.sleep(0)
        time.sleep(0.03)
    print("compute ends")


async def wait():
    print("wait starts")
    await asyncio.sleep(1)
    late = asyncio.get_running_loop().time() >= 2
    print(f"wait ends after {'too long' if late else 'a second'}")


async def main():
    try:
        async with asyncio.timeout(2):
            await asyncio.gather(compute(), wait())
    except TimeoutError:
        print("TimeoutError")


run(main)
