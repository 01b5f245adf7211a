"""One runner runs several mains on one loop and in one context; its close ends what is left."""

import asyncio
import contextvars

from virtual_loop import describe, run_plain

count = contextvars.ContextVar("count", default=0)


async def ticker():
    try:
        for tick in range(10):
            print(f"tick {tick}")
            await asyncio.sleep(1)
    except asyncio.CancelledError:
        print("ticker: cancelled")
        await asyncio.sleep(1)
        print("ticker: ends")
        raise


async def first():
    asyncio.create_task(ticker())
    count.set(count.get() + 1)
    await asyncio.sleep(1.5)
    return "first"


async def second():
    count.set(count.get() + 1)
    await asyncio.sleep(2)
    return f"second, count {count.get()}"


async def failing():
    raise ValueError("no")


async def nested():
    coro = second()
    try:
        asyncio.Runner().run(coro)
    except RuntimeError as raised:
        coro.close()
        print(f"nested: {describe(raised)}")


def program(new_loop):
    runner = asyncio.Runner(loop_factory=new_loop)
    print(runner.run(first()))
    print("between")
    print(runner.run(second()))
    try:
        runner.run(failing())
    except ValueError as raised:
        print(f"failing: {describe(raised)}")
    runner.run(nested())
    runner.close()
    print(f"closed, count {count.get()}")
    runner.close()
    coro = second()
    try:
        runner.run(coro)
    except RuntimeError as raised:
        coro.close()
        print(f"again: {describe(raised)}")


run_plain(program)
