"""A countdown that waits between its numbers."""

import asyncio

from virtual_loop import run


async def main():
    for number in range(1, 4):
        print(number)
        await asyncio.sleep(1)
    print("Go!")


run(main)
