"""Cancelling who awaits a shield leaves alone what is behind it."""

import asyncio

from virtual_loop import describe, outcome, run, turns


async def work():
    try:
        await asyncio.sleep(2)
    except asyncio.CancelledError:
        print("work: cancelled")
        raise
    print("work: done")
    return 9


async def careful(task):
    try:
        print(f"careful: {await asyncio.shield(task)}")
    except asyncio.CancelledError as raised:
        print(f"careful: {describe(raised)}")
        raise


async def main():
    task = asyncio.create_task(work())
    first = asyncio.create_task(careful(task))
    second = asyncio.create_task(careful(task))
    await asyncio.sleep(1)
    ruler = asyncio.create_task(turns(4))
    first.cancel("outer")
    print(f"main: {await outcome(first)}, work done: {int(task.done())}")
    await ruler
    await second
    print(f"main: {await task}")
    print(f"shield of what is done: {await asyncio.shield(task)}")
    limited = asyncio.create_task(work())
    print(f"limit: {await outcome(asyncio.wait_for(asyncio.shield(limited), 1))}")
    print(f"main: {await limited}")
    inner = asyncio.create_task(work())
    third = asyncio.create_task(careful(inner))
    await asyncio.sleep(1)
    ruler = asyncio.create_task(turns(5))
    inner.cancel("inner")
    print(f"main: {await outcome(third)}")
    await ruler


run(main)
