"""A queue of generators that take turns: the ancestor of the event loop."""

import time

from virtual_loop import run_plain


def counter():
    count = 0
    while True:
        print(count)
        count += 1
        yield


def printer():
    count = 1
    while True:
        if count % 3 == 0:
            print("Go!")
        count += 1
        yield


def program(new_loop):
    queue = [counter(), printer()]
    for _ in range(100):
        generator = queue.pop(0)
        time.sleep(0.5)
        next(generator)
        queue.append(generator)


run_plain(program)
