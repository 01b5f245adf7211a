"""task_done is called for every item, whatever becomes of it."""

import asyncio

from virtual_loop import run

PARCELS = 3
BAD = 2


async def deliver(parcels, parcel):
    await asyncio.sleep(1)
    if parcel == BAD:
        print(f"parcel {parcel}: no such address")
    else:
        print(f"parcel {parcel}: delivered")
    parcels.task_done()


async def work(parcels):
    while True:
        parcel = await parcels.get()
        await deliver(parcels, parcel)


async def main():
    parcels = asyncio.Queue()
    for i in range(1, PARCELS + 1):
        parcels.put_nowait(i)
    worker = asyncio.create_task(work(parcels), name="worker")
    await parcels.join()
    print("main: all parcels are dealt with")
    worker.cancel()
    await asyncio.gather(worker, return_exceptions=True)


run(main)
