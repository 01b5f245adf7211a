"""A lock that only cancelled tasks wait for is free to take."""

import asyncio

from virtual_loop import outcome, run, turns


async def worker(lock):
    async with lock:
        print("never")


async def main():
    lock = asyncio.Lock()
    await lock.acquire()
    first = asyncio.create_task(worker(lock))
    second = asyncio.create_task(worker(lock))
    await asyncio.sleep(0)
    first.cancel()
    second.cancel()
    lock.release()
    ruler = asyncio.create_task(turns(3))
    await lock.acquire()
    print("main: has it at once")
    print(f"first: {await outcome(first)}")
    print(f"second: {await outcome(second)}")
    lock.release()
    await ruler


run(main)
