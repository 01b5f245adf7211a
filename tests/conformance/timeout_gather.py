"""A time-out around a gather cancels what is gathered."""

import asyncio

from virtual_loop import run


async def work(name, delay):
    print(f"{name} starts")
    await asyncio.sleep(delay)
    print(f"{name} gave its value")
    return name


async def main():
    print("main starts")
    try:
        async with asyncio.timeout(2):
            await asyncio.gather(work("foo", 2), work("bar", 1))
    except TimeoutError:
        print("TimeoutError")


run(main)
