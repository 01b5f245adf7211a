"""Each of two may go home if the other stays: both have looked before either goes."""

import asyncio

from virtual_loop import run

on_call = {"Anna": True, "Bob": True}


async def go_home(name, other):
    if on_call[other]:
        await asyncio.sleep(1)
        on_call[name] = False
        print(f"{name} goes home")


async def main():
    anna = asyncio.create_task(go_home("Anna", "Bob"), name="Anna")
    bob = asyncio.create_task(go_home("Bob", "Anna"), name="Bob")
    await asyncio.gather(anna, bob)
    print(f"{sum(on_call.values())} on call")


run(main)
