"""timeout: nested, rescheduled, expired, and whose cancellation is whose."""

import asyncio

from virtual_loop import describe, outcome, run, turns


async def scope(timeout, delay):
    async with timeout:
        await asyncio.sleep(delay)


async def nested(outer, inner, delay):
    async with asyncio.timeout(outer) as first:
        try:
            async with asyncio.timeout(inner) as second:
                await asyncio.sleep(delay)
        except TimeoutError:
            print("the inner one raised")
            await asyncio.sleep(0)
        print(f"inner expired: {second.expired()}")
        await asyncio.sleep(1)
    print(f"outer expired: {first.expired()}")


async def rescheduled():
    loop = asyncio.get_running_loop()
    async with asyncio.timeout(None) as timeout:
        print(f"when: {timeout.when()}")
        timeout.reschedule(loop.time() + 1)
        await asyncio.sleep(0.5)
        timeout.reschedule(loop.time() + 2)
        await asyncio.sleep(1)
        print("later than the first deadline")
        timeout.reschedule(loop.time() - 1)
        print(f"expired: {timeout.expired()}")
        await asyncio.sleep(5)


async def stubborn():
    async with asyncio.timeout(1):
        try:
            await asyncio.sleep(5)
        except asyncio.CancelledError:
            print("stubborn: goes on")
        await asyncio.sleep(1)
        print("stubborn: ends")


async def other_error():
    async with asyncio.timeout(1):
        try:
            await asyncio.sleep(5)
        finally:
            raise ValueError("while cancelled")


async def cancelled_from_outside(timeout):
    task = asyncio.create_task(scope(asyncio.timeout(timeout), 5))
    await asyncio.sleep(1)
    task.cancel()
    print(f"{timeout}: {await outcome(task)}, cancelling {task.cancelling()}")


async def misuse():
    timeout = asyncio.timeout(1)
    for what in ("before", "after"):
        try:
            timeout.reschedule(None)
        except RuntimeError as raised:
            print(f"{what}: {describe(raised)}")
        print(f"{what}: {await outcome(scope(timeout, 0))}")
    try:
        timeout.reschedule(None)
    except RuntimeError as raised:
        print(f"finished: {describe(raised)}")


async def main():
    print(f"in time: {await outcome(scope(asyncio.timeout(2), 1))}")
    print(f"too late: {await outcome(scope(asyncio.timeout(1), 2))}")
    print(f"cancelling: {asyncio.current_task().cancelling()}")
    print(f"none: {await outcome(scope(asyncio.timeout(None), 2))}")
    ruler = asyncio.create_task(turns(4))
    print(f"zero: {await outcome(scope(asyncio.timeout(0), 2))}")
    await ruler
    ruler = asyncio.create_task(turns(4))
    past = asyncio.timeout_at(asyncio.get_running_loop().time() - 1)
    print(f"past: {await outcome(scope(past, 2))}")
    await ruler
    print("inner first")
    print(f"nested: {await outcome(nested(5, 1, 3))}")
    print("outer first")
    print(f"nested: {await outcome(nested(1, 5, 3))}")
    print("both at once")
    print(f"nested: {await outcome(nested(1, 1, 3))}")
    print("rescheduled")
    print(f"rescheduled: {await outcome(rescheduled())}")
    print(f"stubborn: {await outcome(stubborn())}, {asyncio.current_task().cancelling()}")
    print(f"other error: {await outcome(other_error())}")
    await cancelled_from_outside(3)
    await cancelled_from_outside(1)
    await misuse()


run(main)
