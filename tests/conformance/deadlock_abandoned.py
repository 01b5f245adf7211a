"""A task raises while it holds a lock that it did not take with `async with`."""

import asyncio

from virtual_loop import run


async def write(lock):
    await lock.acquire()
    print("writer: lock taken")
    await asyncio.sleep(0.010)
    raise ValueError("disk full")


async def read(lock):
    await asyncio.sleep(0.005)
    print("reader: asking for the lock")
    await lock.acquire()
    print("reader: lock taken")
    lock.release()


async def main():
    lock = asyncio.Lock()
    writer = asyncio.create_task(write(lock), name="writer")
    reader = asyncio.create_task(read(lock), name="reader")
    await reader
    await writer


run(main)
