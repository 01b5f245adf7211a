"""An exception reaches every task that awaits, a turn a level."""

import asyncio

from virtual_loop import describe, outcome, run, turns


async def fail():
    await asyncio.sleep(1)
    raise ValueError("broken")


async def forward(name, task):
    try:
        await task
    except ValueError as raised:
        print(f"{name}: {describe(raised)}")
        raise


async def main():
    failing = asyncio.create_task(fail())
    first = asyncio.create_task(forward("first", failing))
    second = asyncio.create_task(forward("second", failing))
    above = asyncio.create_task(forward("above", first))
    await asyncio.sleep(1)
    ruler = asyncio.create_task(turns(5))
    print(f"main: {await outcome(above)}")
    print(f"main: {await outcome(second)}")
    print(f"main: {describe(failing.exception())}")
    await ruler


run(main)
