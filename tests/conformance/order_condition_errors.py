"""A condition is used with its lock held."""

import asyncio

from virtual_loop import describe, outcome, run


async def main():
    lock = asyncio.Lock()
    condition = asyncio.Condition(lock)
    print(f"wait: {await outcome(condition.wait())}")
    for notify in [condition.notify, condition.notify_all]:
        try:
            notify()
        except RuntimeError as raised:
            print(f"notify: {describe(raised)}")
    async with lock:
        condition.notify()
        print("notified with the lock")


run(main)
