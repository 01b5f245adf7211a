"""A shield that comes too late."""

import asyncio

from virtual_loop import run


async def send():
    print("sending an important message")
    await asyncio.sleep(7)


async def main():
    task = asyncio.create_task(send(), name="send")
    await asyncio.sleep(5)
    task.cancel()
    await asyncio.shield(asyncio.wait_for(task, timeout=5))
    print("sent")


run(main)
