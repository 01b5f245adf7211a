"""A notified task that is cancelled before it runs passes the notification on."""

import asyncio

from virtual_loop import outcome, run, turns


async def waiter(name, condition):
    try:
        async with condition:
            await condition.wait()
            print(f"{name}: woke")
    except asyncio.CancelledError:
        print(f"{name}: cancelled")
        raise


async def main():
    condition = asyncio.Condition()
    tasks = [asyncio.create_task(waiter(name, condition)) for name in "ab"]
    await asyncio.sleep(1)
    ruler = asyncio.create_task(turns(7))
    async with condition:
        condition.notify(1)
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        print("main: cancels the one that was notified")
        tasks[0].cancel()
    print(f"a: {await outcome(tasks[0])}")
    print(f"b: {await outcome(tasks[1])}")
    await ruler


run(main)
