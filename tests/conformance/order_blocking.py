"""What blocks the thread blocks the loop; what came due meanwhile is then called in order."""

import asyncio
import time

from virtual_loop import outcome, run


def fire(text):
    print(text)


async def sleeper(delay):
    await asyncio.sleep(delay)
    print(f"slept {delay}")


async def in_time(future):
    print(f"in time: {await outcome(asyncio.wait_for(future, 3))}")


async def main():
    loop = asyncio.get_running_loop()
    future = loop.create_future()
    tasks = [asyncio.create_task(sleeper(2)), asyncio.create_task(sleeper(1))]
    waiting = asyncio.create_task(in_time(future))
    loop.call_later(1.5, fire, "timer")
    await asyncio.sleep(0)
    loop.call_soon(fire, "soon")
    future.set_result(1)
    print("main blocks")
    time.sleep(5)
    print("main goes on")
    await asyncio.gather(*tasks)
    await waiting


run(main)
