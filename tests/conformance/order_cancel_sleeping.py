"""A sleeping task learns of its cancellation one turn later; who awaits it, another turn later."""

import asyncio

from virtual_loop import outcome, run, turns


async def sleeper():
    try:
        await asyncio.sleep(10)
    except asyncio.CancelledError:
        print("sleeper: cancelled")
        await asyncio.sleep(0)
        print("sleeper: cleaned up")
        raise


async def main():
    task = asyncio.create_task(sleeper())
    await asyncio.sleep(1)
    ruler = asyncio.create_task(turns(5))
    task.cancel()
    print(await outcome(task))
    await ruler
    print("main ends")


run(main)
