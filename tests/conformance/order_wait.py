"""wait: what is done and what is not, and how many turns of the loop it takes."""

import asyncio

from virtual_loop import describe, run, turns


async def work(name, delay, failure=None):
    await asyncio.sleep(delay)
    print(f"{name} ends")
    if failure is not None:
        raise failure
    return name


def names(tasks):
    return " ".join(sorted(task.get_name() for task in tasks)) or "none"


async def show(tasks, **options):
    done, pending = await asyncio.wait(tasks, **options)
    print(f"done: {names(done)}; pending: {names(pending)}")
    return done, pending


def start(*specs):
    return [asyncio.create_task(work(*spec), name=spec[0]) for spec in specs]


async def waiter(task):
    try:
        await asyncio.wait([task])
    except asyncio.CancelledError:
        print("waiter: cancelled")
        raise


async def main():
    print("all")
    await show(start(("a", 1), ("b", 2)))
    print("first completed")
    tasks = start(("c", 2), ("d", 1))
    await show(tasks, return_when=asyncio.FIRST_COMPLETED)
    await show(tasks)
    print("first exception")
    tasks = start(("e", 1), ("f", 2, ValueError("f")), ("g", 3))
    done, pending = await show(tasks, return_when=asyncio.FIRST_EXCEPTION)
    for task in tasks:
        if task in done and task.exception():
            print(f"{task.get_name()}: {describe(task.exception())}")
    await show(pending)
    print("timeout")
    tasks = start(("h", 1), ("i", 5))
    done, pending = await show(tasks, timeout=2)
    print(f"cancelled: {[task.cancelled() for task in pending]}")
    await show(pending)
    print("timeout of nothing")
    tasks = start(("j", 1))
    await show(tasks, timeout=0)
    print("a cancelled one is no exception")
    tasks += start(("k", 2), ("l", 3))
    tasks[1].cancel()
    await show(tasks, return_when=asyncio.FIRST_EXCEPTION)
    print("done already")
    ruler = asyncio.create_task(turns(4))
    await show(tasks)
    await ruler
    print("twice the same")
    tasks = start(("m", 0))
    await show([tasks[0], tasks[0]])
    print("cancelling who waits")
    tasks = start(("n", 1))
    waiting = asyncio.create_task(waiter(tasks[0]))
    await asyncio.sleep(0)
    waiting.cancel()
    await show([waiting, tasks[0]])
    for arguments in [([],), (tasks, 7)]:
        try:
            if len(arguments) == 1:
                await asyncio.wait(arguments[0])
            else:
                await asyncio.wait(arguments[0], return_when=arguments[1])
        except ValueError as raised:
            print(describe(raised))


run(main)
