"""The notification comes before anyone waits for it."""

import asyncio

from virtual_loop import run


async def consume(condition):
    await asyncio.sleep(1)
    async with condition:
        print("consumer: waiting for the data")
        await condition.wait()
        print("consumer: never reached")


async def produce(condition):
    async with condition:
        print("producer: data is there, notifying")
        condition.notify()


async def main():
    condition = asyncio.Condition()
    consumer = asyncio.create_task(consume(condition), name="consumer")
    producer = asyncio.create_task(produce(condition), name="producer")
    await asyncio.gather(consumer, producer)


run(main)
