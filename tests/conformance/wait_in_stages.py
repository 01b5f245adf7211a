"""First for any result, then for two seconds, then for the rest."""

import asyncio

from virtual_loop import run

DELAYS = [3.6, 1.9, 2.1, 0.7, 2.5, 3.1, 4.8]


async def work(number):
    print(f"run: {number}")
    await asyncio.sleep(DELAYS[number - 1])
    print(f"done: {number}")
    return number


async def stage(what, pending, **options):
    done, pending = await asyncio.wait(pending, **options)
    print(f"{what}:")
    for number in sorted(task.result() for task in done):
        print(f"  result of {number}")
    print(f"  {len(pending)} pending")
    return pending


async def main():
    tasks = [asyncio.create_task(work(number)) for number in range(1, 8)]
    pending = await stage("after the first result", tasks, return_when=asyncio.FIRST_COMPLETED)
    pending = await stage("two seconds later", pending, timeout=2)
    await stage("in the end", pending)


run(main)
