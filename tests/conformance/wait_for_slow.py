"""wait_for cancels what it waits for when the time is up."""

import asyncio

from virtual_loop import run


async def slow():
    await asyncio.sleep(360)
    print("that did not take long")


async def main():
    try:
        await asyncio.wait_for(slow(), timeout=5.0)
    except asyncio.TimeoutError:
        print("too slow")


run(main)
