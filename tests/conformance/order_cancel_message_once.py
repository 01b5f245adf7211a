"""Only the first who awaits a cancelled task is told the message; a cancelled future tells all."""

import asyncio

from virtual_loop import outcome, run


async def sleeper():
    await asyncio.sleep(10)


async def waiter(name, future):
    print(f"{name}: {await outcome(future)}")


async def all_wait(name, future):
    waiters = [asyncio.create_task(waiter(f"{name} {i}", future)) for i in range(2)]
    await asyncio.sleep(1)
    future.cancel("once")
    for task in waiters:
        await task
    print(f"main: {await outcome(future)}")


async def quick():
    asyncio.current_task().cancel("at the last moment")


async def main():
    await all_wait("task", asyncio.create_task(sleeper()))
    await all_wait("future", asyncio.get_running_loop().create_future())
    await all_wait("shield", asyncio.shield(asyncio.create_task(sleeper())))
    ended = asyncio.create_task(quick())
    print(f"ended: {await outcome(ended)}")
    print(f"ended: {await outcome(ended)}")


run(main)
