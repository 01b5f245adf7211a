"""What is unfinished when main fails is cancelled first; then the failure is told."""

import asyncio

from virtual_loop import run


async def sleeper():
    try:
        await asyncio.sleep(10)
    finally:
        print("sleeper: finally")


async def main():
    asyncio.create_task(sleeper())
    await asyncio.sleep(1)
    print("main raises")
    raise ValueError("out of luck")


run(main)
