"""A waiter that is cancelled leaves the queue, and passes on a lock that it was just given."""

import asyncio

from virtual_loop import outcome, run, turns


async def worker(name, lock):
    try:
        async with lock:
            print(f"{name}: has it")
    except asyncio.CancelledError:
        print(f"{name}: cancelled, locked: {int(lock.locked())}")
        raise


async def main():
    lock = asyncio.Lock()
    await lock.acquire()
    tasks = [asyncio.create_task(worker(name, lock)) for name in "abc"]
    await asyncio.sleep(1)
    ruler = asyncio.create_task(turns(3))
    tasks[0].cancel()
    print(f"a: {await outcome(tasks[0])}")
    await ruler
    ruler = asyncio.create_task(turns(5))
    lock.release()
    tasks[1].cancel()
    print(f"b: {await outcome(tasks[1])}")
    print(f"c: {await outcome(tasks[2])}")
    await ruler
    print(f"locked: {int(lock.locked())}")


run(main)
