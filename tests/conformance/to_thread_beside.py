"""A thread and a task sleep for the same second."""

import asyncio
import time

from virtual_loop import run


def blocking():
    print("the call starts")
    time.sleep(1)
    print("the call is complete")


async def main():
    print("main starts")
    await asyncio.gather(asyncio.to_thread(blocking), asyncio.sleep(1))
    print("main is done")


run(main)
