"""A failure is a result like any other."""

import asyncio

from virtual_loop import run


async def connect_to(user):
    print(f"connecting to {user}")
    if user == 4:
        raise OSError(f"cannot connect to {user}")
    await asyncio.sleep(1)
    print(f"sending a command to {user}")
    await asyncio.sleep(1)


async def main():
    results = await asyncio.gather(*map(connect_to, [1, 2, 3, 4]), return_exceptions=True)
    for number, result in enumerate(results, 1):
        print(f"{number}: {result}")


run(main)
