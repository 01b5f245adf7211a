"""wait until the first is done, for a time, and until all are done."""

import asyncio

from virtual_loop import run


async def say(delay, text):
    await asyncio.sleep(delay)
    print(text)


async def show(what, **options):
    both = [asyncio.create_task(say(1, "hello ...")), asyncio.create_task(say(2, "... world!"))]
    print(what)
    done, pending = await asyncio.wait(both, **options)
    print(f"{len(done)} done, {len(pending)} pending")
    await asyncio.wait(both)


async def main():
    await show("until the first", return_when=asyncio.FIRST_COMPLETED)
    await show("for 1.5 seconds", timeout=1.5)
    await show("until all", return_when=asyncio.ALL_COMPLETED)


run(main)
