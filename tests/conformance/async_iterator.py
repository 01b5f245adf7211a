"""An asynchronous iterator: an object whose next value is awaited."""

import asyncio

from virtual_loop import run


class Counter:
    def __init__(self, limit):
        self.count = 0
        self.limit = limit

    def __aiter__(self):
        return self

    async def __anext__(self):
        if self.count == self.limit:
            raise StopAsyncIteration
        self.count += 1
        await asyncio.sleep(1)
        return self.count


async def main():
    async for number in Counter(10):
        print(number)


run(main)
