"""notify(n) wakes the n that waited longest; each comes back when it has the lock."""

import asyncio

from virtual_loop import run, turns


async def waiter(name, condition):
    async with condition:
        await condition.wait()
        print(f"{name}: woke")
        await asyncio.sleep(0)


async def main():
    condition = asyncio.Condition()
    tasks = [asyncio.create_task(waiter(name, condition)) for name in "abcdef"]
    await asyncio.sleep(1)
    for count in [1, 2]:
        ruler = asyncio.create_task(turns(6))
        async with condition:
            condition.notify(count)
            print(f"main: notified {count}")
            await asyncio.sleep(0)
            print("main: releases")
        await ruler
    async with condition:
        condition.notify_all()
        print("main: notified all")
    for task in tasks:
        await task
    async with condition:
        condition.notify()
        print("main: nobody hears")


run(main)
