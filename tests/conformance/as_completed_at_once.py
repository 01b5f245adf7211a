"""Tasks that never wait end in the order in which they were made."""

import asyncio

from virtual_loop import run


async def work(number):
    return f"I am number {number}"


async def main():
    tasks = [asyncio.create_task(work(number)) for number in range(5)]
    for future in asyncio.as_completed(tasks):
        print(await future)


run(main)
