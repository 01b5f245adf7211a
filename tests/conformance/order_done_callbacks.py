"""Callbacks of a future are called one turn after it is done, in the order they were added."""

import asyncio

from virtual_loop import run, turns


async def waiter(name, future):
    print(f"{name}: {await future}")


async def main():
    future = asyncio.get_running_loop().create_future()
    first = asyncio.create_task(waiter("waiter 1", future))
    await asyncio.sleep(0)
    future.add_done_callback(lambda done: print("callback 1"))

    def never(done):
        print("never")

    future.add_done_callback(never)
    future.add_done_callback(never)
    second = asyncio.create_task(waiter("waiter 2", future))
    await asyncio.sleep(0)
    future.add_done_callback(lambda done: print("callback 2"))
    print(f"removed: {future.remove_done_callback(never)}")
    ruler = asyncio.create_task(turns(3))
    future.set_result(7)
    future.add_done_callback(lambda done: print("callback of one that is done"))
    print(f"at once: {await future}")
    await first
    await second
    await ruler


run(main)
