"""join() waits until every item is done, and does not notice one that comes right after."""

import asyncio

from virtual_loop import run, turns


async def worker(name, queue):
    while True:
        item = await queue.get()
        await asyncio.sleep(item)
        queue.task_done()
        print(f"{name}: done {item}")


async def joiner(name, queue):
    await queue.join()
    print(f"{name}: joined")


async def main():
    queue = asyncio.Queue()
    await queue.join()
    print("main: nothing to wait for")
    workers = [asyncio.create_task(worker(name, queue)) for name in "ab"]
    for item in (1, 2, 3, 0):
        queue.put_nowait(item)
    joiners = [asyncio.create_task(joiner(name, queue)) for name in "xyz"]
    await asyncio.sleep(1)
    joiners[1].cancel()
    await joiners[0]
    ruler = asyncio.create_task(turns(4))
    queue.put_nowait(0)
    joiners.append(asyncio.create_task(joiner("late", queue)))
    await joiners[2]
    await joiners[3]
    await ruler
    queue.put_nowait(1)
    queue.get_nowait()
    queue.task_done()
    queue.put_nowait(2)
    await queue.join()
    print("main: joined")
    for task in workers:
        task.cancel()


run(main)
