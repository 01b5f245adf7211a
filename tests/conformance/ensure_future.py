"""ensure_future makes a task of a coroutine."""

import asyncio

from virtual_loop import run


async def slow_operation():
    await asyncio.sleep(2)
    return "complete"


async def main():
    future = asyncio.ensure_future(slow_operation())
    await asyncio.sleep(1)
    print("a second later")
    print(await future)


run(main)
