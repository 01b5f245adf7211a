"""A runner keeps its loop from one main to the next."""

import asyncio

from virtual_loop import run_plain


async def hello():
    await asyncio.sleep(1)
    print("hello")


def program(new_loop):
    with asyncio.Runner(loop_factory=new_loop) as runner:
        runner.run(hello())
        print("once more")
        runner.run(hello())


run_plain(program)
