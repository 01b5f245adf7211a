"""Who is alive: all tasks that are not done, the running one among them."""

import asyncio

from virtual_loop import run


def names():
    return " ".join(sorted(task.get_name() for task in asyncio.all_tasks()))


async def nap(delay):
    await asyncio.sleep(delay)
    print(f"{asyncio.current_task().get_name()} sees {names()}")


async def main():
    asyncio.current_task().set_name("main")
    print(names())
    short = asyncio.create_task(nap(1), name="short")
    long = asyncio.create_task(nap(2), name="long")
    asyncio.create_task(nap(3))
    print(names())
    await short
    print(names())
    await long
    print(names())
    await asyncio.sleep(2)
    print(names())


run(main)
