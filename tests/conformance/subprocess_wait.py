"""Waiting for a command."""

import asyncio

import virtual_processes
from virtual_loop import run


async def main():
    for name in ("Algo.ipynb", "AsyncIO.ipynb", "SOLID.ipynb", "poetry.lock"):
        virtual_processes.create_file(name, "some text")
    process = await asyncio.create_subprocess_exec("ls", "-l")
    print("exit code", await process.wait())


run(main)
