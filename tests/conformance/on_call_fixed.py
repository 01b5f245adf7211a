"""The same with looking and going under one lock."""

import asyncio

from virtual_loop import run

on_call = {"Anna": True, "Bob": True}


async def go_home(roster, name, other):
    async with roster:
        if on_call[other]:
            await asyncio.sleep(1)
            on_call[name] = False
            print(f"{name} goes home")


async def main():
    roster = asyncio.Lock()
    anna = asyncio.create_task(go_home(roster, "Anna", "Bob"), name="Anna")
    bob = asyncio.create_task(go_home(roster, "Bob", "Anna"), name="Bob")
    await asyncio.gather(anna, bob)
    print(f"{sum(on_call.values())} on call")


run(main)
