"""A lock that is not held cannot be released; a block that fails releases its lock."""

import asyncio

from virtual_loop import describe, outcome, run


async def fail(lock):
    async with lock:
        await asyncio.sleep(1)
        raise ValueError("in the block")


async def main():
    lock = asyncio.Lock()
    try:
        lock.release()
    except RuntimeError as raised:
        print(describe(raised))
    failing = asyncio.create_task(fail(lock))
    await asyncio.sleep(0)
    print(f"locked: {int(lock.locked())}")
    async with lock:
        print("main: has it")
    print(await outcome(failing))


run(main)
