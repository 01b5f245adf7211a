"""A handler awaits with a mutex of threads, which a thread wants."""

import asyncio

from virtual_loop import run
from virtual_threads import Mutex


async def refresh(cache):
    mutex, entries = cache
    with mutex:
        await asyncio.sleep(1)
        entries["key"] = 1
    print("handler: refreshed")


def log_entries(cache):
    mutex, entries = cache
    with mutex:
        print("logger: looks at the entries")
        entries.get("key")


async def main():
    cache = (Mutex(asyncio.get_running_loop().machine), {})
    handler = asyncio.create_task(refresh(cache), name="handler")
    logger = asyncio.create_task(asyncio.to_thread(log_entries, cache), name="logger")
    await asyncio.gather(handler, logger)


run(main)
