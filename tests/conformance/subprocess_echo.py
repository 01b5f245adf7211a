"""A command that outlives its program."""

import asyncio

from virtual_loop import run


async def main():
    process = await asyncio.create_subprocess_exec("echo", "Hello World")
    print(f"subprocess: {process}")


run(main)
