"""What is unfinished when main returns is cancelled and may clean up.

The loop stops a turn after main returned, so what was ready still runs.
"""

import asyncio

from virtual_loop import run


async def sleeper(name):
    try:
        await asyncio.sleep(10)
    except asyncio.CancelledError:
        print(f"{name}: cancelled")
        await asyncio.sleep(1)
        print(f"{name}: cleaned up")
        raise
    finally:
        print(f"{name}: finally")


async def late():
    print("late: starts all the same")


async def main():
    asyncio.create_task(sleeper("a"))
    asyncio.create_task(sleeper("b"))
    await asyncio.sleep(2)
    asyncio.create_task(late())
    print("main returns")


run(main)
