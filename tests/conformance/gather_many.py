"""Nine coroutines that wait longer and longer, together."""

import asyncio

from virtual_loop import run


async def work(delay_ms):
    print(f"{delay_ms} ms started")
    await asyncio.sleep(delay_ms / 1000)
    print(f"{delay_ms} ms done")
    return delay_ms


async def main():
    print("main starts")
    results = await asyncio.gather(*(work(400 * number) for number in range(1, 10)))
    print(f"main done: {sum(results)} ms of waiting")


run(main)
