"""Leaving a group waits for its tasks."""

import asyncio

from virtual_loop import run


async def say(delay, text):
    await asyncio.sleep(delay)
    print(text)
    return text


async def main():
    async with asyncio.TaskGroup() as group:
        first = group.create_task(say(1, "hello"), name="hello")
        second = group.create_task(say(2, "world"), name="world")
        print("both are made")
    print(f"both are done: {first.result()}, {second.result()}")


run(main)
