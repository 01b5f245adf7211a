"""What a waiter was woken for is taken by somebody quicker: it waits again, now behind others."""

import asyncio

from virtual_loop import run, turns


async def getter(name, queue):
    print(f"{name}: got {await queue.get()}")


async def putter(name, queue):
    await queue.put(name)
    print(f"{name}: put")


async def main():
    queue = asyncio.Queue(1)
    tasks = [asyncio.create_task(getter(name, queue)) for name in "ab"]
    await asyncio.sleep(0)
    ruler = asyncio.create_task(turns(8))
    queue.put_nowait(1)
    print(f"main: snatched {queue.get_nowait()}")
    await asyncio.sleep(0)
    await queue.put(2)
    await queue.put(3)
    for task in tasks:
        await task
    tasks = [asyncio.create_task(putter(name, queue)) for name in "cde"]
    await asyncio.sleep(0)
    print(f"main: got {queue.get_nowait()}")
    queue.put_nowait("quick")
    for _ in range(4):
        print(f"main: got {await queue.get()}")
    for task in tasks:
        await task
    await ruler


run(main)
