"""A future is a place for a result that somebody else will set."""

import asyncio

from virtual_loop import run


def later(delay):
    loop = asyncio.get_running_loop()
    future = loop.create_future()

    def finish():
        print("the result is there")
        future.set_result(42)

    loop.call_later(delay, finish)
    return future


async def nap():
    await asyncio.sleep(2)
    return "slept"


async def main():
    print(await later(1))
    number, text = await asyncio.gather(later(1), nap())
    print(f"{number} and {text}")


run(main)
