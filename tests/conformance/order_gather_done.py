"""Gathering nothing, or only what is done, gives the results at once."""

import asyncio

from virtual_loop import run, turns


async def answer(value):
    return value


async def main():
    first = asyncio.create_task(answer(1))
    second = asyncio.create_task(answer(2))
    ruler = asyncio.create_task(turns(3))
    print(f"nothing: {len(await asyncio.gather())}")
    print(*await asyncio.gather(first, second, first))
    done = asyncio.gather(second, first)
    print(f"done at once: {int(done.done())}")
    print(*await done)
    await ruler


run(main)
