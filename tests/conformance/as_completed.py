"""Results in the order in which the tasks end."""

import asyncio

from virtual_loop import run

TARGETS = [(0.5, "one"), (0.8, "two"), (0.2, "three"), (1, "four"), (0.5, "five")]


async def work(delay, name):
    await asyncio.sleep(delay)
    return name


async def main():
    tasks = [asyncio.create_task(work(*target)) for target in TARGETS]
    for future in asyncio.as_completed(tasks):
        print(await future)
    print(f"all within {asyncio.get_running_loop().time() * 1000:.0f} ms")


run(main)
