"""An asynchronous comprehension collects what a generator gives."""

import asyncio

from virtual_loop import run


async def numbers():
    for number in range(10):
        await asyncio.sleep(1)
        yield number


async def main():
    print([number async for number in numbers()])


run(main)
