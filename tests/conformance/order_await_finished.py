"""Awaiting what is done does not give way."""

import asyncio

from virtual_loop import run, turns


async def answer():
    return 42


async def main():
    task = asyncio.create_task(answer())
    ruler = asyncio.create_task(turns(3))
    await asyncio.sleep(0)
    print(f"first: {await task}")
    print(f"second: {await task}")
    await asyncio.sleep(0)
    print("main gave way")
    await ruler


run(main)
