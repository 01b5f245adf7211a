"""Cancelling a task that awaits a task cancels the innermost, and unwinds a level each turn."""

import asyncio

from virtual_loop import outcome, run, turns


async def inner():
    print(f"inner: {await outcome(asyncio.sleep(10))}")
    raise asyncio.CancelledError


async def middle(task):
    print(f"middle: {await outcome(task)}")
    raise asyncio.CancelledError


async def main():
    first = asyncio.create_task(inner())
    second = asyncio.create_task(middle(first))
    third = asyncio.create_task(middle(second))
    await asyncio.sleep(1)
    ruler = asyncio.create_task(turns(6))
    third.cancel()
    print(f"main: {await outcome(third)}")
    await ruler


run(main)
