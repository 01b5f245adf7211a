"""The loop's time, once a second."""

import asyncio

from virtual_loop import run


async def main():
    loop = asyncio.get_running_loop()
    end = loop.time() + 5.0
    while True:
        print(f"{loop.time():.0f} s")
        if loop.time() + 1.0 >= end:
            break
        await asyncio.sleep(1)


run(main)
