"""What is due now comes after what is ready already, and timers before what it adds."""

import asyncio

from virtual_loop import run, turns


def soon(text):
    print(text)


def nest(loop):
    print("outer")
    loop.call_later(0, soon, "timer of outer")
    loop.call_soon(soon, "inner")


async def main():
    loop = asyncio.get_running_loop()
    loop.call_later(0, soon, "timer 0")
    loop.call_soon(nest, loop)
    loop.call_soon(soon, "soon 1")
    ruler = asyncio.create_task(turns(4))
    loop.call_soon(soon, "soon 2")
    await asyncio.sleep(0)
    print("main after one turn")
    await ruler
    loop.call_later(1, soon, "timer 1")
    await asyncio.sleep(1)
    print("main after a second")


run(main)
