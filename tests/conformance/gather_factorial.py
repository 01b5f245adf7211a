"""Three factorials, a step a second each: their lines interleave."""

import asyncio

from virtual_loop import run


async def factorial(name, number):
    product = 1
    for i in range(2, number + 1):
        print(f"Task {name}: factorial({i}) is next")
        await asyncio.sleep(1)
        product *= i
    print(f"Task {name}: factorial({number}) = {product}")
    return product


async def main():
    args = [("A", 2), ("B", 3), ("C", 4)]
    results = await asyncio.gather(*(factorial(*arg) for arg in args))
    for (name, _), result in zip(args, results):
        print(f"{name}: {result}")


run(main)
