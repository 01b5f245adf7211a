"""The task behind a shield goes on."""

import asyncio

from virtual_loop import run


async def work():
    print("work starts")
    await asyncio.sleep(2)
    print("work ends")
    return 1


async def cancel_it(future):
    await asyncio.sleep(0.5)
    print(f"cancelled: {future.cancel()}")


async def main():
    task = asyncio.create_task(work(), name="work")
    shielded = asyncio.shield(task)
    asyncio.create_task(cancel_it(shielded), name="canceller")
    await task


run(main)
