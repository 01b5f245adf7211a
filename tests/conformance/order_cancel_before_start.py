"""A task cancelled before its first step never begins."""

import asyncio

from virtual_loop import outcome, run, turns


async def never():
    print("never")


async def main():
    task = asyncio.create_task(never())
    ruler = asyncio.create_task(turns(4))
    print(f"asked: {int(task.cancel())}, done: {int(task.done())}")
    print(await outcome(task))
    print(f"cancelled: {int(task.cancelled())}, asked again: {int(task.cancel())}")
    await ruler


run(main)
