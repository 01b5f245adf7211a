"""With return_exceptions, exceptions are results; how a task was cancelled is forgotten."""

import asyncio

from virtual_loop import describe, run


async def fail():
    await asyncio.sleep(1)
    raise ValueError("bad")


async def work():
    await asyncio.sleep(2)
    return 5


async def main():
    sleeper = asyncio.create_task(asyncio.sleep(9))
    future = asyncio.get_running_loop().create_future()
    together = asyncio.gather(fail(), work(), sleeper, future, return_exceptions=True)
    await asyncio.sleep(1.5)
    sleeper.cancel("no time")
    future.cancel("not needed")
    for result in await together:
        print(describe(result) if isinstance(result, BaseException) else result)


run(main)
