"""A loop over an asynchronous generator that sleeps between its values."""

import asyncio

from virtual_loop import run


async def numbers():
    for number in range(10):
        await asyncio.sleep(1)
        yield number


async def main():
    async for number in numbers():
        print(number)


run(main)
