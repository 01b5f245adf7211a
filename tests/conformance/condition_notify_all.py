"""Two workers wait on a condition; after five seconds a third task wakes them both."""

import asyncio

from virtual_loop import run


async def work(name, condition):
    print(f"{name}: asking for the lock")
    async with condition:
        print(f"{name}: lock taken, waiting for the start")
        await condition.wait()
        print(f"{name}: woken, holding the lock again")
        await asyncio.sleep(1)
    print(f"{name}: work done, lock given up")


async def start(condition):
    await asyncio.sleep(5)
    print("starter: asking for the lock")
    async with condition:
        print("starter: lock taken, waking everyone")
        condition.notify_all()
    print("starter: lock given up")


async def main():
    condition = asyncio.Condition()
    tasks = [
        asyncio.create_task(start(condition), name="starter"),
        asyncio.create_task(work("worker 1", condition), name="worker 1"),
        asyncio.create_task(work("worker 2", condition), name="worker 2"),
    ]
    await asyncio.gather(*tasks)


run(main)
