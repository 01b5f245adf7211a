"""A task cancelled while it waits with a limit cancels what it waits for, and is cancelled."""

import asyncio

from virtual_loop import describe, outcome, run, turns


async def work():
    try:
        await asyncio.sleep(10)
    except asyncio.CancelledError as raised:
        print(f"work: {describe(raised)}")
        raise


async def patient(task):
    try:
        await asyncio.wait_for(task, 5)
    except asyncio.CancelledError as raised:
        print(f"patient: {describe(raised)}")
        raise


async def main():
    task = asyncio.create_task(work())
    waiting = asyncio.create_task(patient(task))
    await asyncio.sleep(1)
    ruler = asyncio.create_task(turns(5))
    waiting.cancel("enough")
    print(f"main: {await outcome(waiting)}")
    await ruler
    print(f"work cancelled: {int(task.cancelled())}")


run(main)
