"""Two tasks share one connection, which is put back."""

import asyncio

from virtual_loop import run


async def converse():
    await asyncio.sleep(0.01)
    await asyncio.sleep(0.1)


async def ask(idle):
    connection = await idle.get()
    await converse()
    idle.put_nowait(connection)
    print(f"{asyncio.current_task().get_name()}: has its answer")


async def main():
    idle = asyncio.Queue()
    idle.put_nowait(1)
    report = asyncio.create_task(ask(idle), name="report")
    page = asyncio.create_task(ask(idle), name="page")
    await asyncio.gather(report, page, return_exceptions=True)
    print(f"idle connections: {idle.qsize()}")


run(main)
