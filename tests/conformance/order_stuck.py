"""A program that waits for what nobody will do is stuck when the last timer has fired."""

import asyncio

from virtual_loop import run


async def nap():
    await asyncio.sleep(3)
    print("awake")


async def main():
    asyncio.create_task(nap())
    try:
        await asyncio.get_running_loop().create_future()
    finally:
        print("never")


run(main)
