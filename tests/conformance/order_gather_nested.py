"""Cancelling the outer gather reaches the tasks of the inner one."""

import asyncio

from virtual_loop import outcome, run, turns


async def sleeper(name):
    try:
        await asyncio.sleep(10)
    finally:
        print(f"{name}: stops")


async def main():
    inner = asyncio.gather(sleeper("a"), sleeper("b"))
    outer = asyncio.gather(inner, sleeper("c"))
    await asyncio.sleep(1)
    ruler = asyncio.create_task(turns(5))
    outer.cancel()
    print(f"main: {await outcome(outer)}, inner cancelled: {int(inner.cancelled())}")
    await ruler


run(main)
