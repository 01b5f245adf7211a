"""Once all who wait are cancelled, though none has noticed, a permit can be taken at once."""

import asyncio

from virtual_loop import outcome, run, turns


async def main():
    semaphore = asyncio.Semaphore(0)
    tasks = [asyncio.create_task(semaphore.acquire()) for _ in range(3)]
    await asyncio.sleep(0)
    for task in tasks:
        task.cancel()
    print(f"main: locked: {int(semaphore.locked())}")
    semaphore.release()
    print(f"main: locked: {int(semaphore.locked())}")
    ruler = asyncio.create_task(turns(3))
    await semaphore.acquire()
    print("main: has it at once")
    for task in tasks:
        print(f"main: {await outcome(task)}")
    await ruler
    print(f"main: locked: {int(semaphore.locked())}")


run(main)
