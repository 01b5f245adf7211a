"""Three requests at once."""

import asyncio

from virtual_loop import run


async def get_data(seconds):
    await asyncio.sleep(seconds)
    return f"{seconds} s"


async def main():
    loop = asyncio.get_running_loop()
    began = loop.time()
    data = await asyncio.gather(*(get_data(seconds) for seconds in range(1, 4)))
    print(f"took {loop.time() - began:.0f} s")
    for text in data:
        print(text)


run(main)
