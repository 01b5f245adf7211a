"""Two queries wait until the connection is open; they then run one after the other."""

import asyncio

from virtual_loop import run


class Connection:
    def __init__(self):
        self.state = "WAIT_INIT"
        self.changed = asyncio.Condition()

    def is_open(self):
        print(f"is it open? it is {self.state}")
        return self.state == "INITIALIZED"

    async def enter(self, state):
        print(f"connection: {self.state} -> {state}")
        self.state = state
        async with self.changed:
            self.changed.notify_all()

    async def open(self):
        await self.enter("INITIALIZING")
        await asyncio.sleep(5)
        await self.enter("INITIALIZED")

    async def query(self, text):
        async with self.changed:
            print(f"{text}: waiting for the connection")
            await self.changed.wait_for(self.is_open)
            print(f"{text}: started")
            await asyncio.sleep(5)
            print(f"{text}: ended")


async def main():
    connection = Connection()
    tasks = [
        asyncio.create_task(connection.query("query 1"), name="query 1"),
        asyncio.create_task(connection.query("query 2"), name="query 2"),
        asyncio.create_task(connection.open(), name="opener"),
    ]
    await asyncio.gather(*tasks)


run(main)
