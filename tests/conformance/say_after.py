"""Two coroutines one after the other take three seconds; as two tasks they take two."""

import asyncio

from virtual_loop import run


async def say_after(delay, text):
    await asyncio.sleep(delay)
    print(text)


async def in_sequence():
    print("in sequence")
    await say_after(1, "hello")
    await say_after(2, "world")


async def as_tasks():
    print("as tasks")
    hello = asyncio.create_task(say_after(1, "hello"), name="hello")
    world = asyncio.create_task(say_after(2, "world"), name="world")
    await hello
    await world


async def main():
    await in_sequence()
    await as_tasks()
    print("done")


run(main)
