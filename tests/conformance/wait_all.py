"""wait gives back what is done and what is pending."""

import asyncio

from virtual_loop import run


async def work(delay_ms):
    print(f"{delay_ms} ms started")
    await asyncio.sleep(delay_ms / 1000)
    print(f"{delay_ms} ms done")


async def main():
    tasks = [asyncio.create_task(work(400 * number)) for number in range(1, 10)]
    done, pending = await asyncio.wait(tasks, return_when=asyncio.ALL_COMPLETED)
    print(f"{len(done)} done, {len(pending)} pending")


run(main)
