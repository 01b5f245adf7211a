"""A worker that tries failures again, and passes its cancellation on."""

import asyncio

from virtual_loop import run

TRIES = 3


async def work():
    for i in range(1, TRIES + 1):
        try:
            await asyncio.sleep(2)
        except Exception:
            print(f"worker: try {i} failed, once more")
        else:
            print(f"worker: uploaded at try {i}")
            return


async def main():
    worker = asyncio.create_task(work(), name="worker")
    await asyncio.sleep(1)
    print("main: stop")
    worker.cancel()
    await asyncio.sleep(5)
    print("main: the end")


run(main)
