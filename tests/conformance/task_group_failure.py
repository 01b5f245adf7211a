"""The first failure in a group cancels the others."""

import asyncio

from virtual_loop import run


async def fail():
    await asyncio.sleep(1)
    raise ValueError("no")


async def work(name):
    try:
        await asyncio.sleep(5)
    except asyncio.CancelledError:
        print(f"{name} is cancelled")
        raise
    print(f"{name} ends")


async def main():
    try:
        async with asyncio.TaskGroup() as group:
            group.create_task(work("one"), name="one")
            group.create_task(fail(), name="failing")
            group.create_task(work("two"), name="two")
    except ExceptionGroup as raised:
        print(raised)
        for member in raised.exceptions:
            print(f"  {type(member).__name__}: {member}")


run(main)
