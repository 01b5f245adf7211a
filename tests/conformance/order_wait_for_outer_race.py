"""The limit passes and somebody cancels, in the same turn."""

import asyncio

from virtual_loop import describe, outcome, run


async def patient():
    try:
        await asyncio.wait_for(asyncio.get_running_loop().create_future(), 1)
    except (TimeoutError, asyncio.CancelledError) as raised:
        print(f"patient: {describe(raised)}, requests: {asyncio.current_task().cancelling()}")
        raise


async def main():
    loop = asyncio.get_running_loop()
    task = asyncio.create_task(patient())
    loop.call_later(1, task.cancel, "from outside")
    print(f"cancelled before the limit: {await outcome(task)}")
    task = asyncio.create_task(patient())
    await asyncio.sleep(0)
    loop.call_later(1, task.cancel, "from outside")
    print(f"cancelled after the limit: {await outcome(task)}")


run(main)
