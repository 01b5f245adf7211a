"""Two transfers lock two accounts in opposite order, the second with a time limit and no second attempt."""

from virtual_loop import run_on_threads
from virtual_threads import Mutex

PAUSE = 0  # seconds before another attempt; 0: there is none


def attempt(machine, name, first, second, made):
    with first:
        print(f"{name}: has the first account")
        machine.sleep(0.010)
        if not second.acquire(timeout=0.100):
            return False
        made.append(name)
        print(f"{name}: made")
        second.release()
    return True


def transfer(machine, name, first, second, made, pause):
    done = attempt(machine, name, first, second, made)
    while not done and pause > 0:
        print(f"{name}: once more")
        machine.sleep(pause)
        done = attempt(machine, name, first, second, made)
    if not done:
        print(f"{name}: gave up")


def main(machine):
    a, b = Mutex(machine), Mutex(machine)
    made = []
    threads = [
        machine.start(lambda: transfer(machine, "A to B", a, b, made, PAUSE)),
        machine.start(lambda: transfer(machine, "B to A", b, a, made, 3 * PAUSE)),
    ]
    for thread in threads:
        machine.join(thread)
    print(f"transfers made: {len(made)} of 2")


run_on_threads(main)
