"""A task keeps the message of a cancellation that came too late; a cancelled gather finds it there."""

import asyncio

from virtual_loop import outcome, run


async def stubborn():
    print(f"stubborn: {await outcome(asyncio.sleep(10))}")


async def main():
    refusing = asyncio.create_task(stubborn())
    sleeping = asyncio.create_task(asyncio.sleep(10))
    together = asyncio.gather(sleeping, refusing, return_exceptions=True)
    await asyncio.sleep(1)
    refusing.cancel()
    refusing.cancel("too late")
    await asyncio.sleep(1)
    print(f"refusing: {int(refusing.done())}, cancelled: {int(refusing.cancelled())}")
    together.cancel("stop")
    print(f"main: {await outcome(together)}")


run(main)
