"""A task may refuse a cancellation; the count of requests remembers it until uncancel()."""

import asyncio

from virtual_loop import outcome, run


async def stubborn():
    me = asyncio.current_task()
    print(f"first: {await outcome(asyncio.sleep(10))}, requests: {me.cancelling()}")
    print(f"uncancel: {me.uncancel()}, requests: {me.cancelling()}")
    print(f"uncancel at none: {me.uncancel()}")
    print(f"second: {await outcome(asyncio.sleep(10))}, requests: {me.cancelling()}")
    print(f"third: {await outcome(asyncio.sleep(10))}")
    return 42


async def main():
    task = asyncio.create_task(stubborn())
    await asyncio.sleep(1)
    task.cancel()
    await asyncio.sleep(1)
    task.cancel()
    task.cancel()
    print(f"main: {await task}, cancelled: {int(task.cancelled())}, requests: {task.cancelling()}")


run(main)
