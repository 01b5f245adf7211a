"""A wait that ends, and what it waits for does not."""

import asyncio

from virtual_loop import run

TRIES = 3


async def produce(queue):
    await asyncio.sleep(1)
    print("producer: one job")
    await queue.put(1)


async def write_log():
    await asyncio.sleep(0)


async def consume(queue):
    get = asyncio.create_task(queue.get(), name="get")
    for _ in range(TRIES):
        done, _ = await asyncio.wait({get}, timeout=1)
        if done:
            break
        print("consumer: no job yet")
    if get.cancel():
        await asyncio.wait({get})
    if get.cancelled():
        return
    await write_log()
    print("consumer: done")


async def main():
    queue = asyncio.Queue()
    consumer = asyncio.create_task(consume(queue), name="consumer")
    producer = asyncio.create_task(produce(queue), name="producer")
    await asyncio.gather(consumer, producer)


run(main)
