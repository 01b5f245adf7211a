"""A command line in a shell."""

import asyncio
from asyncio.subprocess import PIPE

import virtual_processes
from virtual_loop import run


async def main():
    for name in ("Algo.ipynb", "AsyncIO.ipynb", "SOLID.ipynb", "poetry.lock"):
        virtual_processes.create_file(name, "some text")
    process = await asyncio.create_subprocess_shell(
        "ls -l | cat && sleep 0.5; echo 'that is all'", stdout=PIPE
    )
    out, _ = await process.communicate()
    for line in out.decode().splitlines():
        print(line)
    print("exit code", process.returncode)


run(main)
