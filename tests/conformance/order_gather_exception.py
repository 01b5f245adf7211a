"""The first exception is passed on at once; the others go on."""

import asyncio

from virtual_loop import outcome, run


async def fail(text, delay):
    await asyncio.sleep(delay)
    raise ValueError(text)


async def work():
    await asyncio.sleep(3)
    print("work: done after all")
    return 3


async def main():
    worker = asyncio.create_task(work())
    tasks = [worker, asyncio.create_task(fail("late", 2)), asyncio.create_task(fail("early", 1))]
    print(await outcome(asyncio.gather(*tasks)))
    await asyncio.sleep(0.5)
    print(f"late one done: {int(tasks[1].done())}")
    print(f"main: {await worker}")


run(main)
