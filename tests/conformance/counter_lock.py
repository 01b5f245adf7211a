"""The same increments, one at a time."""

import asyncio

from virtual_loop import run

TASKS = 10000
counter = 0


async def increment(lock):
    global counter
    async with lock:
        value = counter
        await asyncio.sleep(0)
        value += 1
        await asyncio.sleep(0)
        counter = value


async def main():
    lock = asyncio.Lock()
    tasks = [asyncio.create_task(increment(lock)) for _ in range(TASKS)]
    await asyncio.gather(*tasks)
    print(counter)


run(main)
