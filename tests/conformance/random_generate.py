"""Write the random programs: random_generate.py COUNT SEED > random_programs.txt"""

import random
import sys

# How often each operation is drawn, and what its numbers a, b, c are: l lock or future, t any task
# but main, e a task that comes earlier (so that nobody awaits who awaits him), n a small number.
OPERATIONS = {
    "sleep": (6, "nnn"),
    "sleep_within": (1, "nnn"),
    "sleep_within_within": (1, "nnn"),
    "lock": (3, "lnn"),
    "lock_within": (2, "lnn"),
    "unlock": (2, "lnn"),
    "event_wait": (1, "nnn"),
    "event_wait_within": (1, "nnn"),
    "event_set": (1, "nnn"),
    "event_clear": (1, "nnn"),
    "condition_lock": (2, "nnn"),
    "condition_unlock": (1, "nnn"),
    "condition_wait": (2, "nnn"),
    "condition_wait_within": (2, "nnn"),
    "condition_notify": (1, "nnn"),
    "condition_notify_all": (1, "nnn"),
    "semaphore_acquire": (2, "lnn"),
    "semaphore_acquire_within": (2, "lnn"),
    "semaphore_release": (2, "lnn"),
    "barrier_wait": (1, "nnn"),
    "barrier_wait_within": (2, "nnn"),
    "barrier_reset": (0.5, "nnn"),
    "barrier_abort": (0.25, "nnn"),
    "queue_put": (1, "lnn"),
    "queue_put_within": (2, "lnn"),
    "queue_put_nowait": (1, "lnn"),
    "queue_get": (1, "lnn"),
    "queue_get_within": (2, "lnn"),
    "queue_get_nowait": (1, "lnn"),
    "queue_task_done": (1, "lnn"),
    "queue_join": (0.5, "lnn"),
    "queue_join_within": (1, "lnn"),
    "queue_shutdown": (0.25, "lnn"),
    "sync_look": (1, "lnn"),
    "task_await": (3, "enn"),
    "task_await_within": (3, "enn"),
    "task_cancel": (4, "tnn"),
    "task_cancel_later": (4, "tnn"),
    "task_callback": (1, "tnn"),
    "task_look": (1, "tnn"),
    "uncancel": (1, "nnn"),
    "future_new": (1, "lnn"),
    "future_await": (1, "lnn"),
    "future_await_within": (2, "lnn"),
    "future_result": (1, "lnn"),
    "future_exception": (1, "lnn"),
    "future_cancel": (1, "lnn"),
    "shield": (2, "enn"),
    "shield_within": (2, "enn"),
    "gather": (4, "een"),
    "gather_nested": (3, "een"),
    "raise_error": (1, "nnn"),
}

# A program has more of one family than of the others.
FAMILIES = ["lock", "condition", "semaphore", "barrier", "queue", "task_", "gather", ""]


def draw(chance, kind, task, last):
    if kind == "l":
        return chance.randint(0, 1)
    if kind == "t":
        return chance.randint(1, last)
    if kind == "e":
        return chance.randint(1, task - 1 if task > 0 else last)
    return chance.randint(0, 3)


def program(chance):
    last = chance.randint(1, 5)
    family = chance.choice(FAMILIES)
    names = list(OPERATIONS)
    weights = [
        weight * (4 if family and name.startswith(family) else 1)
        for name, (weight, _) in OPERATIONS.items()
    ]
    for task in [*range(1, last + 1), 0]:
        for _ in range(chance.randint(2, 9)):
            name = chance.choices(names, weights)[0]
            if task == 1 and "e" in OPERATIONS[name][1]:
                name = "sleep"
            numbers = [draw(chance, kind, task, last) for kind in OPERATIONS[name][1]]
            ends = int(chance.random() < 0.25)
            print(task, name, *numbers, ends)


def main():
    count, seed = int(sys.argv[1]), int(sys.argv[2])
    chance = random.Random(seed)
    for number in range(count):
        print(f"program {number}")
        program(chance)


main()
