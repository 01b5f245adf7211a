"""to_thread gives a blocking call to a thread."""

import asyncio
import time

from virtual_loop import run


def blocking():
    print("the call starts")
    time.sleep(2)
    print("the call is done")


async def main():
    print("main starts the call")
    task = asyncio.create_task(asyncio.to_thread(blocking), name="call")
    print("main does other things")
    await asyncio.sleep(0)
    await task


run(main)
