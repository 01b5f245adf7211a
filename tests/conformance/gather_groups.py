"""Gathers of gathers: each result is a list."""

import asyncio

from virtual_loop import run

DELAYS = [[2.9, 1.7, 3.0, 1.3, 1.2], [2.3, 2.4, 1.9], [1.1, 2.6, 1.8, 1.0]]


async def work(tag, delay):
    print(f"run: {tag}")
    await asyncio.sleep(delay)
    print(f"done: {tag}")
    return tag


async def main():
    groups = [
        asyncio.gather(
            *(work(f"group {group}.{number}", delay) for number, delay in enumerate(delays, 1))
        )
        for group, delays in enumerate(DELAYS, 1)
    ]
    for results in await asyncio.gather(*groups):
        for result in results:
            print(result)


run(main)
