"""current_task() names the task whose step runs."""

import asyncio

from virtual_loop import run


async def who():
    print(f"I am {asyncio.current_task().get_name()}")
    await asyncio.sleep(1)
    print(f"still {asyncio.current_task().get_name()}")


async def main():
    child = asyncio.create_task(who(), name="child")
    await who()
    await child


run(main)
