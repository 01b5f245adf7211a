"""A future takes one result, and says so."""

import asyncio

from virtual_loop import describe, outcome, run


def attempt(call, *args):
    try:
        call(*args)
    except (Exception, asyncio.CancelledError) as raised:
        return describe(raised)
    return "OK"


async def main():
    loop = asyncio.get_running_loop()
    future = loop.create_future()
    print(f"pending: {attempt(future.result)}")
    print(f"set: {attempt(future.set_result, 1)}")
    print(f"set again: {attempt(future.set_result, 2)}")
    print(f"fail: {attempt(future.set_exception, ValueError('late'))}")
    print(f"cancel: {int(future.cancel())}")
    print(f"result: {attempt(future.result)}")
    failed = loop.create_future()
    failed.set_exception(ValueError("no good"))
    print(f"failed: {attempt(failed.result)}, done: {int(failed.done())}")
    print(f"await: {await outcome(failed)}")
    cancelled = loop.create_future()
    print(f"cancel: {int(cancelled.cancel())}, cancelled: {int(cancelled.cancelled())}")
    print(f"result: {attempt(cancelled.result)}")
    print(f"exception: {attempt(cancelled.exception)}")


run(main)
