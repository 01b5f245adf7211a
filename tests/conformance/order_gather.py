"""Results come in the order asked; the waiting task wakes two turns after the last is done."""

import asyncio

from virtual_loop import run, turns


async def work(name, delay):
    await asyncio.sleep(delay)
    print(f"{name}: done")
    return name


async def main():
    both = asyncio.gather(work("slow", 2), work("fast", 1), work("middle", 1.5))
    ruler = asyncio.create_task(late_turns(2))
    print(f"main: {' '.join(await both)}")
    await ruler


async def late_turns(delay):
    await asyncio.sleep(delay)
    await turns(4)


run(main)
