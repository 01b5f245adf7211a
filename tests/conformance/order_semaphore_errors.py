"""What a semaphore refuses."""

import asyncio

from virtual_loop import describe, outcome, run


async def fail(semaphore):
    async with semaphore:
        await asyncio.sleep(1)
        raise KeyError


async def main():
    for make in (asyncio.Semaphore, asyncio.BoundedSemaphore):
        try:
            make(-1)
        except ValueError as raised:
            print(describe(raised))
    bounded = asyncio.BoundedSemaphore(2)
    await bounded.acquire()
    bounded.release()
    try:
        bounded.release()
    except ValueError as raised:
        print(describe(raised))
    plain = asyncio.Semaphore(1)
    plain.release()
    await plain.acquire()
    print(f"locked: {int(plain.locked())}")
    await plain.acquire()
    print(f"locked: {int(plain.locked())}")
    failing = asyncio.create_task(fail(bounded))
    await asyncio.sleep(0)
    print(await outcome(failing))
    nothing = asyncio.BoundedSemaphore(0)
    try:
        nothing.release()
    except ValueError as raised:
        print(describe(raised))


run(main)
