"""A task that starts eagerly runs in its creator until it first waits."""

import asyncio

from virtual_loop import outcome, run, turns


async def child(name, delays):
    print(f"{name} starts as {asyncio.current_task().get_name()}")
    for delay in delays:
        await asyncio.sleep(delay)
        print(f"{name} after {delay}")
    return name


async def parent():
    print("parent starts")
    inner = eager(child("inner", [0]), "inner")
    print(f"parent goes on as {asyncio.current_task().get_name()}")
    await inner
    print("parent ends")


async def failing():
    raise ValueError("at once")


def eager(coro, name):
    return asyncio.Task(coro, loop=asyncio.get_running_loop(), name=name, eager_start=True)


async def main():
    ruler = asyncio.create_task(turns(4))
    print("main makes a task that never waits")
    task = eager(child("quick", []), "quick")
    print(f"done: {task.done()}, result {task.result()}")
    print("main makes a task that waits")
    task = eager(child("slow", [0, 1]), "slow")
    print(f"done: {task.done()}, main is {asyncio.current_task().get_name()}")
    task.add_done_callback(lambda task: print("slow's callback"))
    nested = eager(parent(), "parent")
    print(f"failing: {await outcome(eager(failing(), 'failing'))}")
    await task
    await nested
    task = eager(child("cancelled", [5]), "cancelled")
    task.cancel()
    print(f"cancelled: {await outcome(task)}")
    await ruler


run(main)
