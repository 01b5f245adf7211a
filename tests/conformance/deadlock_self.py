"""A task asks for a lock that it holds."""

import asyncio

from virtual_loop import run


async def save(lock):
    async with lock:
        print("saver: lock taken, asking for it again")
        async with lock:
            print("saver: never reached")


async def main():
    lock = asyncio.Lock()
    await asyncio.create_task(save(lock), name="saver")


run(main)
