"""Cancelling one of two tasks that await a future cancels the future, and so the other task."""

import asyncio

from virtual_loop import outcome, run, turns


async def waiter(name, future):
    print(f"{name}: {await outcome(future)}, requests: {asyncio.current_task().cancelling()}")


async def main():
    future = asyncio.get_running_loop().create_future()
    first = asyncio.create_task(waiter("first", future))
    second = asyncio.create_task(waiter("second", future))
    await asyncio.sleep(0)
    ruler = asyncio.create_task(turns(3))
    second.cancel("only the second")
    await first
    await second
    await ruler


run(main)
