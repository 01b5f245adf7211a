"""Done at the very instant of the limit: the limit wins, whichever timer was made first."""

import asyncio

from virtual_loop import outcome, run, turns


async def work(name):
    try:
        await asyncio.sleep(1)
    except asyncio.CancelledError:
        print(f"{name}: cancelled")
        raise
    print(f"{name}: done")
    return 1


async def main():
    older = asyncio.create_task(work("older"))
    await asyncio.sleep(0)
    ruler = asyncio.create_task(late_turns())
    print(f"timer of the work first: {await outcome(asyncio.wait_for(older, 1))}")
    print(f"requests: {asyncio.current_task().cancelling()}")
    await ruler
    younger = asyncio.create_task(work("younger"))
    ruler = asyncio.create_task(late_turns())
    print(f"timer of the limit first: {await outcome(asyncio.wait_for(younger, 1))}")
    print(f"requests: {asyncio.current_task().cancelling()}")
    await ruler
    print(f"in place: {await outcome(asyncio.wait_for(work('in place'), 1))}")
    future = asyncio.get_running_loop().create_future()
    asyncio.get_running_loop().call_later(1, future.set_result, 1)
    print(f"future: {await outcome(asyncio.wait_for(future, 1))}, done: {int(future.done())}")


async def late_turns():
    await asyncio.sleep(1)
    await turns(4)


run(main)
