"""A timer due at once is still called after main has returned, though nothing else is ready."""

import asyncio

from virtual_loop import run


def later(loop, turn):
    print(f"timer {turn}")
    loop.call_later(0, later, loop, turn + 1)


async def main():
    loop = asyncio.get_running_loop()
    loop.call_later(0, later, loop, 0)
    print("main returns")


run(main)
