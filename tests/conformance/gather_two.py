"""gather waits for all: as long as the slowest takes."""

import asyncio

from virtual_loop import run


async def work(name, delay):
    print(f"{name} starts")
    await asyncio.sleep(delay)
    print(f"{name} ends")


async def main():
    await asyncio.gather(work("foo", 1), work("bar", 2))


run(main)
