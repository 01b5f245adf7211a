"""A message that is given up after three seconds."""

import asyncio

from virtual_loop import run


async def send_message(user):
    print(f"sending to user {user}")
    await asyncio.sleep(5)
    print(f"delivered to user {user}")


async def main():
    user = 123
    try:
        await asyncio.wait_for(send_message(user), timeout=3)
    except asyncio.TimeoutError:
        print(f"no answer from user {user} in time")


run(main)
