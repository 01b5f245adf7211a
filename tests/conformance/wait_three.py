"""Three tasks, waited for together."""

import asyncio

from virtual_loop import run


async def work(name):
    print(f"{name}: starts")
    await asyncio.sleep(1)
    print(f"{name}: done")


async def main():
    names = ["task A", "task B", "task C"]
    await asyncio.wait([asyncio.create_task(work(name), name=name) for name in names])


run(main)
