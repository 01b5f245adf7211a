"""Which of four is first?"""

import asyncio

from virtual_loop import run


async def job(seconds):
    await asyncio.sleep(seconds)


async def main():
    tasks = [
        asyncio.create_task(job(seconds), name=f"job {number}")
        for number, seconds in enumerate([3, 5, 2, 4], 1)
    ]
    done, pending = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    (first,) = done
    print(f"{first.get_name()} was the first; {len(pending)} are pending")
    await asyncio.wait(tasks)


run(main)
