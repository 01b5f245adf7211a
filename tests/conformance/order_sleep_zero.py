"""Tasks that give way take turns in the order of their creation."""

import asyncio

from virtual_loop import run


async def count(name, steps):
    for step in range(steps):
        print(f"{name} {step}")
        await asyncio.sleep(0)
    print(f"{name} ends")


async def main():
    tasks = [asyncio.create_task(count(name, steps)) for name, steps in [("a", 3), ("b", 1), ("c", 2)]]
    print("main waits")
    for task in tasks:
        await task
        print("main goes on")


run(main)
