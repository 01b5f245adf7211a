"""Two are woken for one pizza, and the second waits for the next."""

import asyncio

from virtual_loop import run


class Kitchen:
    def __init__(self):
        self.ready = asyncio.Condition()
        self.pizzas = 0


async def serve(kitchen, name):
    async with kitchen.ready:
        while kitchen.pizzas == 0:
            await kitchen.ready.wait()
        what = "a pizza" if kitchen.pizzas > 0 else "an empty plate"
        kitchen.pizzas -= 1
        print(f"{name}: serves {what}")


async def cook(kitchen):
    for _ in range(2):
        await asyncio.sleep(1)
        async with kitchen.ready:
            kitchen.pizzas += 1
            kitchen.ready.notify_all()


async def main():
    kitchen = Kitchen()
    anna = asyncio.create_task(serve(kitchen, "Anna"), name="Anna")
    bob = asyncio.create_task(serve(kitchen, "Bob"), name="Bob")
    await asyncio.gather(anna, bob, asyncio.create_task(cook(kitchen), name="cook"))


run(main)
