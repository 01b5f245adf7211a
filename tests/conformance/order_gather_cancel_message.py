"""A cancelled gather fails as the last of its children, in the order given, was cancelled."""

import asyncio

from virtual_loop import describe, outcome, run


async def stop(name, refuses, turns_to_stop):
    try:
        await asyncio.sleep(10)
    except asyncio.CancelledError as raised:
        for _ in range(turns_to_stop):
            await asyncio.sleep(0)
        print(f"{name}: {describe(raised)}")
        if not refuses:
            raise


async def try_both(first_refuses, second_refuses):
    together = asyncio.gather(
        stop("first", first_refuses, 2), stop("second", second_refuses, 0), return_exceptions=True
    )
    await asyncio.sleep(1)
    together.cancel("stop")
    print(f"main: {await outcome(together)}")


async def main():
    await try_both(False, False)
    await try_both(True, False)
    await try_both(False, True)


run(main)
