"""Asynchronous generators: they wait as the task that asks; the loop finishes what is left."""

import asyncio

from virtual_loop import describe, run


async def attempt(what, awaitable):
    try:
        print(f"{what}: {await awaitable}")
    except BaseException as raised:
        print(f"{what}: {describe(raised)}")


async def numbers(name, count):
    try:
        for number in range(count):
            await asyncio.sleep(1)
            yield number
        print(f"{name} ends")
    finally:
        print(f"{name} cleans up")
        await asyncio.sleep(0.5)
        print(f"{name} is clean")


async def echo():
    heard = "first"
    while True:
        try:
            heard = yield heard
            await asyncio.sleep(0)
        except ValueError as raised:
            heard = f"caught {raised}"


async def stubborn():
    try:
        yield 1
    except GeneratorExit:
        yield 2


async def reader(name, source):
    try:
        async for number in source:
            print(f"{name} has {number}")
    except asyncio.CancelledError:
        print(f"{name} cancelled")
        raise


async def main():
    async for number in numbers("a", 2):
        print(f"a gave {number}")
    print([number async for number in numbers("b", 3)])
    talk = echo()
    await attempt("too early", talk.asend(1))
    await attempt("begin", anext(talk))
    await attempt("asend", talk.asend("hello"))
    await attempt("athrow", talk.athrow(ValueError("oops")))
    await attempt("aclose", talk.aclose())
    await attempt("after", anext(talk))
    deaf = stubborn()
    await anext(deaf)
    await attempt("stubborn", deaf.aclose())
    shared = numbers("c", 3)
    first = asyncio.create_task(attempt("first", anext(shared)))
    second = asyncio.create_task(attempt("second", anext(shared)))
    await first
    await second
    await attempt("shared", shared.aclose())
    source = numbers("d", 9)
    task = asyncio.create_task(reader("reader", source))
    await asyncio.sleep(1.5)
    task.cancel()
    try:
        await task
    except asyncio.CancelledError:
        print("main: cancelled")
    await attempt("d", anext(source))
    global left
    left = numbers("left", 5)
    print(f"left gave {await anext(left)}")
    print("main returns")


run(main)
