"""A queue with room for two between two producers and three consumers."""

import asyncio

from virtual_loop import run, turns


async def producer(name, queue):
    for number in range(4):
        await queue.put(f"{name}{number}")
        print(f"{name}: put {number}, size: {queue.qsize()}, full: {int(queue.full())}")


async def consumer(name, queue):
    while (item := await queue.get()) != "end":
        print(f"{name}: got {item}, size: {queue.qsize()}")
        await asyncio.sleep(0)
    print(f"{name}: ends")


async def main():
    queue = asyncio.Queue(2)
    ruler = asyncio.create_task(turns(12))
    producers = [asyncio.create_task(producer(name, queue)) for name in "pq"]
    consumers = [asyncio.create_task(consumer(name, queue)) for name in "xyz"]
    for task in producers:
        await task
    for _ in consumers:
        await queue.put("end")
    for task in consumers:
        await task
    await ruler
    print(f"main: empty: {int(queue.empty())}")


run(main)
