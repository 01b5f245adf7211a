"""Cancelled in the very turn in which it would have woken: the cancellation wins, the result is lost."""

import asyncio

from virtual_loop import outcome, run


async def waiter(name, future):
    print(f"{name}: {await outcome(future)}")
    await asyncio.sleep(0)
    print(f"{name}: went on")


async def main():
    loop = asyncio.get_running_loop()
    for name in ["result", "exception", "cancelled"]:
        future = loop.create_future()
        task = asyncio.create_task(waiter(name, future))
        await asyncio.sleep(1)
        if name == "result":
            future.set_result(1)
        elif name == "exception":
            future.set_exception(ValueError("unheard"))
        else:
            future.cancel("by itself")
        print(f"asked: {int(task.cancel('too late'))}")
        await task
    sleeper = asyncio.create_task(asyncio.sleep(1))
    await asyncio.sleep(0)
    loop.call_later(1, sleeper.cancel, "at the wake-up")
    print(f"sleeper: {await outcome(sleeper)}")


run(main)
