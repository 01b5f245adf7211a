"""A priority queue compares what Python can compare, and keeps or loses what it cannot."""

import asyncio

from virtual_loop import outcome, run


async def fill(title, items):
    queue = asyncio.PriorityQueue()
    print(title)
    for number, item in enumerate(items):
        said = await outcome(queue.put(item))
        if said != "OK":
            print(f"put {number}: {said}, size: {queue.qsize()}")
    for _ in range(queue.qsize()):
        try:
            item = await queue.get()
        except TypeError as raised:
            print(f"TypeError: {raised}, size: {queue.qsize()}")
        else:
            print(f"{item}, size: {queue.qsize()}")


async def main():
    await fill("numbers", [3, -1, 2, 3, -7])
    await fill("texts", ["pear", "apple", "fig", "", "apples"])
    await fill("one thing", [None])
    await fill("nothings", [None, None])
    await fill("lists", [[2, "b"], [1, "z"], [2, "a"], [1], [2, "a", 0]])
    await fill("lists that differ late", [[1, 5], [1, "five"], [0, None], [0, None]])
    nested = [[[2], 1], [[1, 9], 7], [[1], 8], [[1, 9], 6], [[1, []], 0]]
    await fill("lists in lists", nested[:4])
    await fill("one too many", nested)
    await fill("everything", [1, "one", [1], 0, None, 2])


run(main)
