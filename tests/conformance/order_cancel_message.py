"""The message of a cancellation reaches the task, and whoever awaits it."""

import asyncio

from virtual_loop import describe, outcome, run


async def sleeper():
    try:
        await asyncio.sleep(10)
    except asyncio.CancelledError as raised:
        print(f"sleeper: {describe(raised)}")
        raise


async def main():
    first = asyncio.create_task(sleeper())
    second = asyncio.create_task(sleeper())
    await asyncio.sleep(0)
    first.cancel("shutting down")
    second.cancel()
    print(f"main: {await outcome(first)}")
    print(f"main: {await outcome(second)}")
    unstarted = asyncio.create_task(sleeper())
    unstarted.cancel("too early")
    print(f"main: {await outcome(unstarted)}")
    future = asyncio.get_running_loop().create_future()
    future.cancel("not needed")
    print(f"main: {await outcome(future)}")


run(main)
