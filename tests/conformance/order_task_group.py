"""TaskGroup: who is cancelled, in which order, and what is raised."""

import asyncio

from virtual_loop import describe, run, turns


async def work(name, delay, failure=None):
    try:
        await asyncio.sleep(delay)
    except asyncio.CancelledError:
        print(f"{name} cancelled")
        raise
    print(f"{name} ends")
    if failure is not None:
        raise failure
    return name


async def stubborn(name, delay, failure):
    try:
        await asyncio.sleep(delay)
    except asyncio.CancelledError:
        print(f"{name} fails when cancelled")
        raise failure


def show(raised, depth=0):
    print(f"{'  ' * depth}{describe(raised)}")
    if isinstance(raised, BaseExceptionGroup):
        for member in raised.exceptions:
            show(member, depth + 1)


async def attempt(what, scope):
    print(what)
    try:
        await scope()
        print("OK")
    except BaseException as raised:
        show(raised)
    print(f"cancelling: {asyncio.current_task().cancelling()}")


async def fine():
    async with asyncio.TaskGroup() as group:
        one = group.create_task(work("a", 2), name="a")
        two = group.create_task(work("b", 1), name="b")
        print("body ends")
    print(f"results {one.result()} {two.result()}")


async def one_fails():
    async with asyncio.TaskGroup() as group:
        group.create_task(work("c", 3))
        group.create_task(work("d", 1, ValueError("d")))
        group.create_task(stubborn("e", 5, LookupError("e")))
        try:
            await asyncio.sleep(9)
        except asyncio.CancelledError:
            print("body cancelled")
            raise


async def body_fails():
    async with asyncio.TaskGroup() as group:
        group.create_task(work("f", 3))
        group.create_task(stubborn("g", 3, TypeError("g")))
        await asyncio.sleep(1)
        raise ValueError("body")


async def nested():
    async with asyncio.TaskGroup() as outer:
        outer.create_task(work("h", 5))
        async with asyncio.TaskGroup() as inner:
            inner.create_task(work("i", 1, ValueError("i")))
            inner.create_task(work("j", 5))


async def adding():
    async def add(group, depth):
        await asyncio.sleep(1)
        print(f"depth {depth}")
        if depth < 3:
            group.create_task(add(group, depth + 1))

    async with asyncio.TaskGroup() as group:
        group.create_task(add(group, 1))


async def shutting_down():
    async with asyncio.TaskGroup() as group:
        async def late():
            try:
                await asyncio.sleep(5)
            finally:
                coro = work("never", 1)
                try:
                    group.create_task(coro)
                except RuntimeError as raised:
                    coro.close()
                    print(describe(raised))

        group.create_task(late())
        group.create_task(work("k", 1, ValueError("k")))


async def from_outside(what, member):
    async def scope():
        async with asyncio.TaskGroup() as group:
            group.create_task(member)

    print(what)
    task = asyncio.create_task(scope())
    await asyncio.sleep(1)
    task.cancel()
    try:
        await task
    except BaseException as raised:
        show(raised)
    print(f"cancelling: {task.cancelling()}")


async def base_error():
    async with asyncio.TaskGroup() as group:
        group.create_task(work("n", 5))
        group.create_task(stubborn("o", 5, ValueError("o")))
        await asyncio.sleep(1)
        raise KeyboardInterrupt("body")


async def misuse():
    group = asyncio.TaskGroup()
    coro = work("p", 1)
    try:
        group.create_task(coro)
    except RuntimeError as raised:
        print(describe(raised))
    async with group:
        try:
            async with group:
                pass
        except RuntimeError as raised:
            print(describe(raised))
    try:
        group.create_task(coro)
    except RuntimeError as raised:
        print(describe(raised))
    coro.close()


async def empty():
    ruler = asyncio.create_task(turns(2))
    async with asyncio.TaskGroup():
        pass
    print("left")
    await ruler


async def main():
    await attempt("fine", fine)
    await attempt("one fails", one_fails)
    await attempt("body fails", body_fails)
    await attempt("nested", nested)
    await attempt("adding", adding)
    await attempt("shutting down", shutting_down)
    await from_outside("from outside", work("l", 5))
    await from_outside("from outside, failing", stubborn("m", 5, ValueError("m")))
    await attempt("base error", base_error)
    await attempt("misuse", misuse)
    await attempt("empty", empty)


run(main)
