"""A child that is cancelled raises in the gather, but does not cancel who awaits it."""

import asyncio

from virtual_loop import outcome, run, turns


async def sleeper(name):
    await asyncio.sleep(2)
    print(f"{name}: slept")


async def main():
    first = asyncio.create_task(sleeper("first"))
    second = asyncio.create_task(sleeper("second"))
    together = asyncio.gather(first, second)
    await asyncio.sleep(1)
    ruler = asyncio.create_task(turns(4))
    first.cancel("not you")
    print(f"main: {await outcome(together)}, requests: {asyncio.current_task().cancelling()}")
    print(f"gather cancelled: {int(together.cancelled())}")
    await ruler
    await second


run(main)
