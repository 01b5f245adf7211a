"""Tasks have names: given, set later, or numbered."""

import asyncio

from virtual_loop import run


async def nap():
    await asyncio.sleep(1)


async def main():
    named = asyncio.create_task(nap(), name="downloader")
    second = asyncio.create_task(nap())
    third = asyncio.create_task(nap())
    print(f"{named.get_name()}, {second.get_name()}, {third.get_name()}")
    third.set_name(123)
    await named
    await second
    await third
    print(f"{third.get_name()} is done")


run(main)
