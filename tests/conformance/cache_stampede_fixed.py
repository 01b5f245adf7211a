"""All wait for the one fetch."""

import asyncio

from virtual_loop import run

TASKS = 3


class Cache:
    def __init__(self):
        self.value = None
        self.fetches = 0
        self.fetching = None

    async def fetch(self):
        self.fetches += 1
        print(f"fetch {self.fetches}")
        await asyncio.sleep(1)
        self.value = 42

    async def use(self):
        if self.fetching is None:
            self.fetching = asyncio.create_task(self.fetch(), name="fetch")
        await asyncio.shield(self.fetching)
        print(self.value)


async def main():
    cache = Cache()
    tasks = [asyncio.create_task(cache.use(), name=f"user {i + 1}") for i in range(TASKS)]
    await asyncio.gather(*tasks)


run(main)
