"""Context variables follow tasks and callbacks, not the thread."""

import asyncio
import contextvars

from virtual_loop import run

user = contextvars.ContextVar("user", default="nobody")
request = contextvars.ContextVar("request")


def show(where):
    print(f"{where}: user {user.get()}, request {request.get('none')}")


async def handle(name, number):
    show(f"{name} starts")
    request.set(number)
    await asyncio.sleep(1)
    token = user.set(name)
    show(f"{name} goes on")
    user.reset(token)
    show(f"{name} has reset")


def reset_twice():
    token = user.set("x")
    user.reset(token)
    for variable, what in [(user, "again"), (request, "another's")]:
        try:
            variable.reset(token)
        except (RuntimeError, ValueError) as raised:
            print(f"{what}: {type(raised).__name__}")


async def main():
    loop = asyncio.get_running_loop()
    try:
        request.get()
    except LookupError:
        print("request has no value")
    user.set("main")
    tasks = [asyncio.create_task(handle("a", 1)), asyncio.create_task(handle("b", 2))]
    user.set("later")
    future = loop.create_future()
    future.add_done_callback(lambda future: show("done"))
    loop.call_soon(show, "soon")
    loop.call_later(0.5, show, "timer")
    user.set("last")
    future.set_result(1)
    await asyncio.gather(*tasks)
    show("main")
    copy = contextvars.copy_context()
    copy.run(user.set, "inside")
    show("after run")
    copy.run(show, "in the copy")
    task = loop.create_task(handle("c", 3), context=copy)
    await task
    show("after c")
    copy.run(show, "in c's")
    reset_twice()
    token = user.set("elsewhere")
    try:
        copy.run(user.reset, token)
    except ValueError:
        print("elsewhere: ValueError")
    try:
        copy.run(lambda: copy.run(show, "twice"))
    except RuntimeError:
        print("twice: RuntimeError")


run(main)
