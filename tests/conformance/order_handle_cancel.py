"""A cancelled handle is not called, whether it was ready or timed."""

import asyncio

from virtual_loop import run


def fire(text):
    print(text)


async def main():
    loop = asyncio.get_running_loop()
    ready = loop.call_soon(fire, "ready: never")
    timed = loop.call_later(1, fire, "timed: never")
    kept = loop.call_later(2, fire, "kept")
    again = loop.call_later(3, fire, "too late to cancel")
    ready.cancel()
    timed.cancel()
    print(int(ready.cancelled()), int(timed.cancelled()), int(kept.cancelled()), int(kept.when()))
    await asyncio.sleep(3)
    again.cancel()
    print("main ends")


run(main)
