"""A coroutine is an object until it is awaited, which it can be once."""

import asyncio

from virtual_loop import run


async def greet():
    print("hello from a coroutine")
    await asyncio.sleep(1)
    return "its result"


async def main():
    coroutine = greet()
    print("made, not run")
    print(await coroutine)
    try:
        await coroutine
    except RuntimeError as raised:
        print(raised)


run(main)
