"""Nobody will ever put anything."""

import asyncio

from virtual_loop import run


async def main():
    queue = asyncio.Queue()
    queue.put_nowait(1)
    print(f"main: got {await queue.get()}")
    await queue.get()


run(main)
