"""Waiting with a limit: in time, too late, and a task that refuses to stop."""

import asyncio

from virtual_loop import outcome, run, turns


async def work(delay):
    try:
        await asyncio.sleep(delay)
    except asyncio.CancelledError:
        print("work: cancelled")
        raise
    return 1


async def refuse():
    try:
        await asyncio.sleep(5)
    except asyncio.CancelledError:
        await asyncio.sleep(1)
        print("refuse: goes on")
    return 2


async def main():
    print(f"in time: {await asyncio.wait_for(asyncio.create_task(work(1)), 2)}")
    print(f"no limit: {await asyncio.wait_for(asyncio.create_task(work(1)), None)}")
    task = asyncio.create_task(work(3))
    ruler = asyncio.create_task(late_turns(1))
    print(f"too late: {await outcome(asyncio.wait_for(task, 1))}")
    print(f"requests: {asyncio.current_task().cancelling()}, cancelled: {int(task.cancelled())}")
    await ruler
    print(f"in place: {await outcome(asyncio.wait_for(work(3), 1))}")
    print(f"refused: {await outcome(asyncio.wait_for(asyncio.create_task(refuse()), 1))}")


async def late_turns(delay):
    await asyncio.sleep(delay)
    await turns(5)


run(main)
