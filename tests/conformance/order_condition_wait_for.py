"""Each notification makes the waiter look at the state; the right one lets it go."""

import asyncio

from virtual_loop import run


async def waiter(name, condition, level, wanted):
    def reached():
        print(f"{name}: is {level[0]} enough?")
        return level[0] >= wanted

    async with condition:
        await condition.wait_for(reached)
        print(f"{name}: goes on")


async def main():
    condition = asyncio.Condition()
    level = [0]
    tasks = [
        asyncio.create_task(waiter("two", condition, level, 2)),
        asyncio.create_task(waiter("one", condition, level, 1)),
        asyncio.create_task(waiter("none", condition, level, 0)),
    ]
    for _ in range(2):
        await asyncio.sleep(1)
        async with condition:
            level[0] += 1
            condition.notify_all()
    for task in tasks:
        await task
    print("main: all went on")


run(main)
