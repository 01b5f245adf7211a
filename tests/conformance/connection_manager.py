"""A connection that is released whatever the query does."""

import asyncio
import contextlib

from virtual_loop import run


@contextlib.asynccontextmanager
async def connection():
    print("acquire the connection")
    await asyncio.sleep(0.5)
    try:
        yield
    finally:
        print("release the connection")
        await asyncio.sleep(0.5)


async def query(table):
    async with connection():
        print(f"select from {table}")
        await asyncio.sleep(1)
        if table.startswith("n"):
            raise LookupError(f"no table {table}")


async def main():
    for table in ("users", "nothing"):
        try:
            await query(table)
            print(f"{table}: found")
        except LookupError as raised:
            print(f"{table}: {raised}")


run(main)
