"""A connection is claimed at once, and always comes back."""

import asyncio

from virtual_loop import run

CONNECTIONS = 2


class Pool:
    def __init__(self):
        self.free = asyncio.Semaphore(CONNECTIONS)
        self.busy = [False] * CONNECTIONS

    def claim(self, name, connection):
        self.busy[connection] = True
        print(f"{name}: has connection {connection + 1}")

    def give_back(self, connection):
        self.busy[connection] = False
        self.free.release()


async def ping():
    await asyncio.sleep(0.01)


async def ask(pool, name, query):
    await pool.free.acquire()
    connection = pool.busy.index(False)
    pool.claim(name, connection)
    try:
        await ping()
        await asyncio.sleep(query)
    finally:
        pool.give_back(connection)


async def ask_in_time(pool, name, query):
    try:
        await asyncio.wait_for(ask(pool, name, query), 1)
    except TimeoutError:
        print(f"{name}: gives up")
    else:
        print(f"{name}: has its answer")


async def ask_later(pool, name, query):
    await asyncio.sleep(2)
    await ask(pool, name, query)
    print(f"{name}: has its answer")


async def main():
    pool = Pool()
    report = asyncio.create_task(ask_in_time(pool, "report", 5), name="report")
    export = asyncio.create_task(ask_in_time(pool, "export", 5), name="export")
    page = asyncio.create_task(ask_later(pool, "page", 0.1), name="page")
    await asyncio.gather(report, export, page)


run(main)
