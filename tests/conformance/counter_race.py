"""Every task reads the counter before any of them writes it."""

import asyncio

from virtual_loop import run

TASKS = 10000
counter = 0


async def increment():
    global counter
    value = counter
    await asyncio.sleep(0)
    value += 1
    await asyncio.sleep(0)
    counter = value


async def main():
    tasks = [asyncio.create_task(increment()) for _ in range(TASKS)]
    await asyncio.gather(*tasks)
    print(counter)


run(main)
