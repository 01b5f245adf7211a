"""set() wakes all waiters in order, and a clear() right after does not call them back."""

import asyncio

from virtual_loop import outcome, run, turns


async def waiter(name, event):
    await event.wait()
    print(f"{name}: woke, set: {int(event.is_set())}")


async def main():
    event = asyncio.Event()
    tasks = [asyncio.create_task(waiter(name, event)) for name in "abc"]
    await asyncio.sleep(1)
    tasks[1].cancel()
    ruler = asyncio.create_task(turns(3))
    event.set()
    event.set()
    event.clear()
    late = asyncio.create_task(waiter("late", event))
    for task in tasks:
        print(f"main: {await outcome(task)}")
    await ruler
    event.set()
    await event.wait()
    print("main: went through without waiting")
    await late


run(main)
