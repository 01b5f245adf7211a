"""KeyboardInterrupt in a task leaves the loop at once; what is left is cancelled."""

import asyncio

from virtual_loop import describe, run_plain


async def work(name, delay):
    try:
        await asyncio.sleep(delay)
    except asyncio.CancelledError:
        print(f"{name} cancelled")
        raise
    print(f"{name} ends")


async def interrupted(failure):
    await asyncio.sleep(1)
    print("raises")
    raise failure


async def main(failure):
    asyncio.create_task(work("before", 1))
    asyncio.create_task(interrupted(failure))
    asyncio.create_task(work("after", 1))
    try:
        async with asyncio.TaskGroup() as group:
            group.create_task(work("in a group", 5))
    finally:
        print("main ends")


async def later():
    print("later runs")
    await asyncio.sleep(0)


def program(new_loop):
    for failure in (KeyboardInterrupt("stop"), SystemExit("bye")):
        runner = asyncio.Runner(loop_factory=new_loop)
        try:
            runner.run(main(failure))
        except BaseException as raised:
            print(describe(raised))
        runner.run(later())
        print("closing")
        runner.close()


run_plain(program)
