"""A request that is done before its time-out."""

import asyncio

from virtual_loop import run


async def answer():
    await asyncio.sleep(1)
    print("server: the answer")
    return 42


async def main():
    request = asyncio.create_task(answer(), name="request")
    try:
        await asyncio.wait_for(request, 2)
    except TimeoutError:
        print("main: no answer")


run(main)
