"""Three requests that block the loop, one after the other."""

import asyncio
import time

from virtual_loop import run


def get_data(seconds):
    time.sleep(seconds)
    return f"{seconds} s"


async def beside():
    print("another task gets its turn")


async def main():
    other = asyncio.create_task(beside(), name="beside")
    loop = asyncio.get_running_loop()
    began = loop.time()
    data = [get_data(seconds) for seconds in range(1, 4)]
    print(f"took {loop.time() - began:.0f} s")
    for text in data:
        print(text)
    await other


run(main)
