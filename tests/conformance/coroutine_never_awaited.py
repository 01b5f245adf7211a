"""A coroutine that is called and not awaited does nothing."""

import warnings

from virtual_loop import run

warnings.simplefilter("ignore")


async def answer():
    print("the answer is asked for")
    return 42


async def main():
    answer()
    print("nothing has run")
    print(await answer())


run(main)
