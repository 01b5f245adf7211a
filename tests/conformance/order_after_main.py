"""How many turns the loop still makes after main has returned."""

import asyncio

from virtual_loop import run


def again(loop, name, turn):
    print(f"{name} {turn}")
    loop.call_soon(again, loop, name, turn + 1)


def later(loop, name, turn):
    print(f"{name} {turn}")
    loop.call_later(0, later, loop, name, turn + 1)


async def main():
    loop = asyncio.get_running_loop()
    loop.call_soon(again, loop, "soon", 0)
    loop.call_later(0, later, loop, "timer", 0)
    print("main returns")


run(main)
