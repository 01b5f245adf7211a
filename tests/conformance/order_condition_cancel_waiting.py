"""A waiter that is cancelled takes the lock again before it learns of it.

It notifies another one, for it cannot know whether it was notified itself.
"""

import asyncio

from virtual_loop import describe, outcome, run, turns


async def waiter(name, condition):
    async with condition:
        print(f"{name}: waits")
        try:
            await condition.wait()
            print(f"{name}: woke, though nobody notified")
        except asyncio.CancelledError as raised:
            print(f"{name}: {describe(raised)}, locked: {int(condition.locked())}")
            raise


async def main():
    condition = asyncio.Condition()
    first = asyncio.create_task(waiter("first", condition))
    second = asyncio.create_task(waiter("second", condition))
    await asyncio.sleep(1)
    ruler = asyncio.create_task(turns(3))
    first.cancel("free lock")
    print(f"main: {await outcome(first)}")
    await ruler
    print(f"main: {await outcome(second)}")
    third = asyncio.create_task(waiter("third", condition))
    await asyncio.sleep(1)
    async with condition:
        third.cancel("one")
        await asyncio.sleep(1)
        third.cancel("two")
        await asyncio.sleep(1)
        print("main: releases")
    print(f"main: {await outcome(third)}")


run(main)
