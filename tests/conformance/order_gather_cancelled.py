"""Cancelling the task that awaits a gather cancels all that it gathers."""

import asyncio

from virtual_loop import outcome, run, turns


async def sleeper(name, turns_to_stop):
    try:
        await asyncio.sleep(10)
    except asyncio.CancelledError:
        for _ in range(turns_to_stop):
            await asyncio.sleep(0)
        print(f"{name}: stops")
        raise


async def all_of_them():
    try:
        await asyncio.gather(sleeper("a", 2), sleeper("b", 0), sleeper("c", 1))
    except asyncio.CancelledError:
        print("gatherer: cancelled")
        raise


async def main():
    task = asyncio.create_task(all_of_them())
    await asyncio.sleep(1)
    ruler = asyncio.create_task(turns(6))
    task.cancel()
    print(f"main: {await outcome(task)}")
    await ruler


run(main)
