"""Jobs end in the order of their length; results come in the order given."""

import asyncio

from virtual_loop import run

DELAYS = [2, 3, 1, 2]


async def job(number):
    print(f"starting job {number}")
    await asyncio.sleep(DELAYS[number])
    print(f"finished job {number}")
    return number


async def main():
    for result in await asyncio.gather(*(job(number) for number in range(4))):
        print(f"result {result}")


run(main)
