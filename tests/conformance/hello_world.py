"""A coroutine gives the loop back while it waits, and goes on where it was."""

import asyncio

from virtual_loop import run


async def main():
    print("hello")
    await asyncio.sleep(1)
    print("world")


run(main)
