"""An event wakes whoever waits for it."""

import asyncio

from virtual_loop import run


async def wait(event):
    print("waiting for the event")
    await event.wait()
    print("the event has been set")


async def set_later(event):
    await asyncio.sleep(10)
    print("setting the event")
    event.set()


async def main():
    event = asyncio.Event()
    await asyncio.gather(wait(event), set_later(event))


run(main)
