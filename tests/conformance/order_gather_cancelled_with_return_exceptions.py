"""A cancelled gather is cancelled, also where exceptions are results."""

import asyncio

from virtual_loop import outcome, run


async def sleeper(name):
    try:
        await asyncio.sleep(10)
    except asyncio.CancelledError:
        print(f"{name}: refuses")


async def main():
    together = asyncio.gather(sleeper("a"), sleeper("b"), return_exceptions=True)
    await asyncio.sleep(1)
    print(f"cancel: {int(together.cancel())}")
    print(f"main: {await outcome(together)}, cancelled: {int(together.cancelled())}")
    print(f"cancel again: {int(together.cancel())}")


run(main)
