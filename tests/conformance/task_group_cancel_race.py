"""The tasks of a group clean up in no order."""

import asyncio

from virtual_loop import run


class Session:
    def __init__(self):
        self.open = True

    def close(self):
        self.open = False
        print("session closed")


async def fail():
    await asyncio.sleep(1)
    raise ValueError("no")


async def publish_news(session):
    try:
        await asyncio.sleep(5)
    finally:
        print("publisher: goodbye" if session.open else "publisher: too late")


async def keep_alive(session):
    try:
        await asyncio.sleep(5)
    finally:
        await asyncio.sleep(0)
        session.close()


async def main():
    session = Session()
    try:
        async with asyncio.TaskGroup() as group:
            group.create_task(publish_news(session), name="publisher")
            group.create_task(keep_alive(session), name="keeper")
            group.create_task(fail(), name="failing")
    except ExceptionGroup as raised:
        print(raised)


run(main)
