"""counter_race with 100,000 tasks under CPython's asyncio: the median of several runs."""

import asyncio
import gc
import statistics
import sys
import time

TASKS = 100_000
ROUNDS = 5

counter = 0


async def increment():
    global counter
    value = counter
    await asyncio.sleep(0)
    value += 1
    await asyncio.sleep(0)
    counter = value


async def main():
    global counter
    counter = 0
    tasks = [asyncio.create_task(increment()) for _ in range(TASKS)]
    await asyncio.gather(*tasks)


def measure():
    gc.collect()
    began = time.perf_counter()
    asyncio.run(main())
    seconds = time.perf_counter() - began
    if counter != 1:
        sys.exit(f"bench: the counter is {counter}, not 1")
    return seconds


measure()
print(f"counter_python_s\t{statistics.median(measure() for _ in range(ROUNDS)):.6f}")
print("python_version\t" + ".".join(map(str, sys.version_info[:3])))
