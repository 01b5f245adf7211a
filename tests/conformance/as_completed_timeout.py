"""Results as they come, for 0.9 seconds."""

import asyncio

from virtual_loop import run

TARGETS = [(0.5, "one"), (0.8, "two"), (0.2, "three"), (1, "four"), (0.5, "five")]


async def work(delay, name):
    await asyncio.sleep(delay)
    return name


async def main():
    tasks = [asyncio.create_task(work(*target)) for target in TARGETS]
    try:
        for future in asyncio.as_completed(tasks, timeout=0.9):
            print(await future)
    except TimeoutError:
        print("that was all within 0.9 s")
    print(f"{await tasks[3]} came later")


run(main)
