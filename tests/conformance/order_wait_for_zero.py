"""With no time at all, what is done is taken and anything else is cancelled."""

import asyncio

from virtual_loop import outcome, run, turns


async def work():
    print("work: started")
    await asyncio.sleep(1)


async def main():
    future = asyncio.get_running_loop().create_future()
    future.set_result(8)
    print(f"done: {await asyncio.wait_for(future, 0)}")
    print(f"done, with a limit: {await asyncio.wait_for(future, 1)}")
    unstarted = asyncio.create_task(work())
    ruler = asyncio.create_task(turns(5))
    print(f"unstarted: {await outcome(asyncio.wait_for(unstarted, 0))}")
    await ruler
    started = asyncio.create_task(work())
    await asyncio.sleep(0)
    ruler = asyncio.create_task(turns(5))
    print(f"started: {await outcome(asyncio.wait_for(started, 0))}")
    await ruler
    print(f"in place: {await outcome(asyncio.wait_for(work(), 0))}")


run(main)
