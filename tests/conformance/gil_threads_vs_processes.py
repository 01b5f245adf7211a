"""Work in threads, work in processes."""

import asyncio

from virtual_loop import run
from virtual_threads import Gil, Pool

WORKERS = 4


async def use(machine, what, gils):
    loop = asyncio.get_running_loop()
    start = loop.time()
    pool = Pool(machine, WORKERS)
    pieces = [loop.run_in_executor(pool, gil.compute, 100) for gil in gils]
    await asyncio.gather(*pieces)
    print(f"{what}: {(loop.time() - start) * 1000:.0f} ms")
    pool.shutdown()


async def main():
    machine = asyncio.get_running_loop().machine
    await use(machine, "threads", [Gil(machine)] * WORKERS)
    await use(machine, "processes", [Gil(machine) for _ in range(WORKERS)])


run(main)
