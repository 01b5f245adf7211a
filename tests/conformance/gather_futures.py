"""What was started earlier can be gathered later."""

import asyncio

from virtual_loop import run


async def operation(number):
    await asyncio.sleep(2)
    return f"operation {number} is complete"


async def main():
    futures = [asyncio.ensure_future(operation(number)) for number in range(3)]
    await asyncio.sleep(1)
    for result in await asyncio.gather(*futures):
        print(result)


run(main)
