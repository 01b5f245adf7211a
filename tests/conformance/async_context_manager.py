"""A manager may wait when it is entered and when it is left."""

import asyncio

from virtual_loop import run


class Manager:
    async def __aenter__(self):
        print("> entering the manager")
        await asyncio.sleep(0.5)

    async def __aexit__(self, kind, raised, traceback):
        print("> leaving the manager")
        await asyncio.sleep(0.5)


async def main():
    async with Manager():
        print("within")


run(main)
