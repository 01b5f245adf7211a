"""From the last task's end to the task that awaits the gather: counted in turns."""

import asyncio

from virtual_loop import run, turns


async def quick(name):
    print(f"{name}: runs")


async def main():
    ruler = asyncio.create_task(turns(6))
    await asyncio.gather(quick("a"), quick("b"))
    print("main: gathered")
    await asyncio.gather(asyncio.gather(quick("c")), quick("d"))
    print("main: gathered twice")
    await ruler


run(main)
