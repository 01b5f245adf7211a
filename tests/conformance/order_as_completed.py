"""as_completed: futures in the order in which they end, and a time-out for all of them."""

import asyncio

from virtual_loop import describe, run, turns


async def work(name, delay, failure=None):
    await asyncio.sleep(delay)
    if failure is not None:
        raise failure
    return name


def start(*specs):
    return [asyncio.create_task(work(*spec), name=spec[0]) for spec in specs]


async def taker(name, completed):
    try:
        print(f"{name} got {(await anext(completed)).result()}")
    except asyncio.CancelledError:
        print(f"{name} cancelled")
        raise
    except StopAsyncIteration:
        print(f"{name} came too late")


async def main():
    print("as they end")
    async for task in asyncio.as_completed(start(("a", 3), ("b", 1), ("c", 2))):
        print(f"{task.get_name()}: {task.result()}")
    print("results")
    for coro in asyncio.as_completed(start(("d", 2), ("e", 1, ValueError("e")))):
        try:
            print(await coro)
        except ValueError as raised:
            print(describe(raised))
    print("time-out")
    tasks = start(("f", 1), ("g", 5), ("h", 6))
    try:
        async for task in asyncio.as_completed(tasks, timeout=2):
            print(task.get_name())
    except TimeoutError:
        print("TimeoutError")
    print(f"cancelled: {[task.cancelled() for task in tasks]}")
    await asyncio.wait(tasks)
    print("done already")
    ruler = asyncio.create_task(turns(5))
    async for task in asyncio.as_completed([tasks[1]]):
        print(task.get_name())
    await ruler
    print("nothing")
    async for task in asyncio.as_completed([]):
        print(task.get_name())
    print("two takers, one cancelled when it is woken")
    tasks = start(("i", 1), ("j", 2))
    completed = asyncio.as_completed(tasks)
    takers = [asyncio.create_task(taker(name, completed)) for name in ("one", "two", "three")]
    await asyncio.sleep(0)
    tasks[0].add_done_callback(lambda task: takers[0].cancel())
    await asyncio.wait(takers)


run(main)
