"""Threads that work for a loop: who runs when, and what comes back how."""

import asyncio
import time

from virtual_loop import describe, outcome, run, turns
from virtual_threads import Pool


def job(name, delay):
    print(f"{name} starts")
    time.sleep(delay)
    print(f"{name} ends")
    return name


def failing():
    time.sleep(1)
    raise ValueError("in a thread")


async def ticker():
    for tick in range(4):
        print(f"tick {tick}")
        await asyncio.sleep(0.5)


def call_back(loop):
    print("thread asks")
    loop.call_soon_threadsafe(print, "loop answers")
    time.sleep(0.25)
    future = asyncio.run_coroutine_threadsafe(from_thread(), loop)
    print(f"thread waits: {future.done()}")
    try:
        future.result(0.5)
    except TimeoutError:
        print("thread: TimeoutError")
    print(f"thread has {future.result()}")


async def from_thread():
    print("coroutine starts")
    await asyncio.sleep(1)
    return 42


async def main():
    loop = asyncio.get_running_loop()
    beside = asyncio.create_task(ticker())
    print(await asyncio.to_thread(job, "a", 1))
    await beside
    print(f"failing: {await outcome(asyncio.to_thread(failing))}")
    pool = Pool(loop.machine, 2)
    futures = [loop.run_in_executor(pool, job, name, 1) for name in "bcde"]
    await asyncio.sleep(0)
    futures[3].cancel()
    print(f"results: {await asyncio.gather(*futures[:3])}")
    ruler = asyncio.create_task(turns(4))
    print(await loop.run_in_executor(pool, job, "f", 0))
    await ruler
    pool.shutdown()
    try:
        await loop.run_in_executor(pool, job, "g", 0)
    except RuntimeError as raised:
        print(describe(raised))
    await asyncio.to_thread(call_back, loop)
    print("the loop is blocked")
    beside = asyncio.create_task(ticker())
    waiting = asyncio.create_task(asyncio.to_thread(job, "h", 0.75))
    await asyncio.sleep(0)
    time.sleep(1)
    print("the loop goes on")
    await asyncio.gather(beside, waiting)
    loop.run_in_executor(None, job, "left", 1)
    print("main returns")


run(main)
