"""A long operation runs as a task beside short ones that are awaited."""

import asyncio

from virtual_loop import run


async def say(text):
    await asyncio.sleep(0.1)
    print(text)


async def long_operation():
    print("long operation started")
    await asyncio.sleep(3)
    print("long operation complete")


async def main():
    await say("first message")
    task = asyncio.create_task(long_operation(), name="long operation")
    await say("second message")
    await task


run(main)
