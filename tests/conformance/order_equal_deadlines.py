"""What is due at the same instant fires in the order of creation, however it was computed."""

import asyncio

from virtual_loop import run


def fire(text):
    print(text)


async def nap(name, *delays):
    for delay in delays:
        await asyncio.sleep(delay)
    print(f"{name} woke")


async def main():
    loop = asyncio.get_running_loop()
    loop.call_later(0.3, fire, "later 0.3")
    naps = [
        asyncio.create_task(nap("0.3", 0.3)),
        asyncio.create_task(nap("0.1 + 0.2", 0.1, 0.2)),
        asyncio.create_task(nap("0.2 + 0.1", 0.2, 0.1)),
    ]
    loop.call_at(0.3, fire, "at 0.3")
    loop.call_later(0.2, fire, "later 0.2")
    loop.call_at(0.1, fire, "at 0.1")
    for task in naps:
        await task


run(main)
