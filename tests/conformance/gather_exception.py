"""The first failure goes to whoever awaits the gather; the others run on."""

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
    await asyncio.gather(*map(connect_to, [1, 2, 3, 4]))


run(main)
