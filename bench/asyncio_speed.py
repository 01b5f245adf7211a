"""What bench_asyncio.c does, under CPython's asyncio: the median of several runs of each."""

import asyncio
import gc
import statistics
import time

ROUNDS = 3
LOCK_TASKS = 100
LOCK_ROUNDS = 1000
PING_PONGS = 100_000
GATHERED = 100_000
WIDTH = 6
DEPTH = 6
TIMEOUT_TASKS = 1000
TIMEOUT_ROUNDS = 100
CROWD = 100_000
LONG = 3600


async def use_lock(lock):
    for _ in range(LOCK_ROUNDS):
        async with lock:
            await asyncio.sleep(0)


async def hand_over():
    lock = asyncio.Lock()
    tasks = [asyncio.create_task(use_lock(lock)) for _ in range(LOCK_TASKS)]
    await asyncio.gather(*tasks)


async def play(source, target):
    for _ in range(PING_PONGS):
        await target.put(await source.get())


async def ping_pong():
    ping, pong = asyncio.Queue(1), asyncio.Queue(1)
    tasks = [asyncio.create_task(play(ping, pong)), asyncio.create_task(play(pong, ping))]
    await ping.put(1)
    await asyncio.gather(*tasks)


async def give_way():
    await asyncio.sleep(0)


async def gather_many():
    tasks = [asyncio.create_task(give_way()) for _ in range(GATHERED)]
    await asyncio.gather(*tasks)


async def nest(depth):
    if depth == 0:
        await asyncio.sleep(0)
        return
    async with asyncio.TaskGroup() as group:
        for _ in range(WIDTH):
            group.create_task(nest(depth - 1))


async def task_groups():
    await nest(DEPTH)


async def set_timeouts():
    for _ in range(TIMEOUT_ROUNDS):
        async with asyncio.timeout(LONG):
            await asyncio.sleep(0)


async def timeouts():
    tasks = [asyncio.create_task(set_timeouts()) for _ in range(TIMEOUT_TASKS)]
    await asyncio.gather(*tasks)


async def cancel_crowd():
    tasks = [asyncio.create_task(asyncio.sleep(LONG)) for _ in range(CROWD)]
    await asyncio.sleep(0)
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


def measure(main):
    gc.collect()
    began = time.perf_counter()
    asyncio.run(main())
    return time.perf_counter() - began


for key, main in {
    "lock": hand_over,
    "queue": ping_pong,
    "gather": gather_many,
    "groups": task_groups,
    "timeouts": timeouts,
    "cancel_time": cancel_crowd,
}.items():
    measure(main)
    print(f"{key}_python_s\t{statistics.median(measure(main) for _ in range(ROUNDS)):.6f}")
