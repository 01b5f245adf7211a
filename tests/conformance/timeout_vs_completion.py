"""A time-out that can strike with the job in hand."""

import asyncio

from virtual_loop import run

TRIES = 3


async def produce(queue):
    await asyncio.sleep(1)
    print("producer: one job")
    await queue.put(1)


async def write_log():
    await asyncio.sleep(0)


async def take(queue):
    await queue.get()
    await write_log()


async def consume(queue):
    for _ in range(TRIES):
        try:
            await asyncio.wait_for(take(queue), 1)
        except TimeoutError:
            print("consumer: no job yet")
            continue
        print("consumer: done")
        return


async def main():
    queue = asyncio.Queue()
    consumer = asyncio.create_task(consume(queue), name="consumer")
    producer = asyncio.create_task(produce(queue), name="producer")
    await asyncio.gather(consumer, producer)


run(main)
