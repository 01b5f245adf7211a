"""Between the release and the waking of the waiter, a newcomer must queue."""

import asyncio

from virtual_loop import run, turns


async def hold(name, lock):
    await lock.acquire()
    print(f"{name}: has it")
    await asyncio.sleep(1)
    lock.release()
    print(f"{name}: released, locked: {int(lock.locked())}")


async def newcomer(lock):
    await asyncio.sleep(1)
    print(f"newcomer: asks, locked: {int(lock.locked())}")
    async with lock:
        print("newcomer: has it")


async def main():
    lock = asyncio.Lock()
    ruler = asyncio.create_task(late_turns())
    tasks = [
        asyncio.create_task(hold("first", lock)),
        asyncio.create_task(hold("second", lock)),
        asyncio.create_task(newcomer(lock)),
    ]
    await asyncio.gather(*tasks)
    await ruler


async def late_turns():
    await asyncio.sleep(1)
    await turns(4)


run(main)
