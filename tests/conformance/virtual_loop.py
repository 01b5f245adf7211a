"""An asyncio event loop on a virtual clock: no sleep takes any time.

The loop is CPython's own, so the order of callbacks is CPython's own.  Three things differ, because
without them a recording would not be the same twice:
- time moves only when nothing is ready, straight to the next timer;
- timers due together fire in the order in which they were made (CPython leaves it to its heap);
- the tasks left when main ends, and those of a TaskGroup, are cancelled in the order in which they
  were made, and wait() looks at its futures in the order given (there: a set's).

Works on CPython 3.11 and later; recordings are made with 3.13.
"""

import asyncio
import asyncio.tasks
import builtins
import heapq
import itertools
import os
import selectors
import sys
import time

NS = 1_000_000_000


class OrderedSet(dict):
    """A set in order of insertion, as far as asyncio needs one."""

    def __init__(self, items=()):
        super().__init__((item, None) for item in items)

    def add(self, item):
        self[item] = None

    def discard(self, item):
        self.pop(item, None)

    remove = discard


class OrderedTaskGroup(asyncio.TaskGroup):
    def __init__(self):
        super().__init__()
        self._tasks = OrderedSet()


# What asyncio.wait and as_completed make of what they are given.
asyncio.tasks.set = OrderedSet
asyncio.TaskGroup = OrderedTaskGroup


class Timer(asyncio.TimerHandle):
    """A timer that comes after every older timer with the same deadline."""

    def __lt__(self, other):
        return (self._when, self.order) < (other._when, other.order)


class VirtualSelector(selectors.DefaultSelector):
    """A selector that does not wait: it moves the clock."""

    now_ns = 0

    def select(self, timeout=None):
        ready = super().select(0)
        if ready or timeout == 0:
            return ready
        if timeout is None:
            stuck()
        self.now_ns += round(timeout * NS)
        return ready


class VirtualLoop(asyncio.SelectorEventLoop):
    def __init__(self):
        self._virtual = VirtualSelector()
        self._order = itertools.count()
        self._tasks = []
        super().__init__(self._virtual)
        self._clock_resolution = 0.5 / NS
        # A failure that nobody looks at is not part of the output.
        self.set_exception_handler(lambda loop, context: None)

    def time(self):
        return self._virtual.now_ns / NS

    def call_at(self, when, callback, *args, context=None):
        # Rounded, so that deadlines that mean the same instant are the same number.
        timer = Timer(round(when, 9), callback, args, self, context)
        timer.order = next(self._order)
        heapq.heappush(self._scheduled, timer)
        timer._scheduled = True
        return timer

    def create_task(self, coro, **kwargs):
        task = super().create_task(coro, **kwargs)
        self._tasks.append(task)
        return task

    def unfinished(self):
        """The tasks that are not done, in order of creation."""
        return [task for task in self._tasks if not task.done()]


def stuck():
    """Nothing is ready and no timer is pending: this program would wait for ever."""
    sys.stdout.write("stuck\n")
    sys.stdout.flush()
    # Unwinding would run the tasks' cleanup, which a program that hangs never gets to.
    os._exit(0)


def cancel_rest(loop):
    """As asyncio.run does when main has ended, but in a fixed order."""
    rest = loop.unfinished()
    for task in rest:
        task.cancel()
    if rest:
        loop.run_until_complete(asyncio.gather(*rest, return_exceptions=True))


def run(main):
    """asyncio.run(main()) on the virtual clock; each line printed is prefixed with the time."""
    loop = VirtualLoop()
    plain_print = builtins.print
    plain_sleep = time.sleep

    def timed_print(*args, sep=" "):
        now_ms = loop._virtual.now_ns // 1_000_000
        text = sep.join(str(arg) for arg in args)
        plain_print(f"[{now_ms // 1000}.{now_ms % 1000:03d}] {text}")

    def blocking_sleep(seconds):
        loop._virtual.now_ns += round(seconds * NS)

    builtins.print = timed_print
    time.sleep = blocking_sleep
    asyncio.set_event_loop(loop)
    failure = None
    try:
        try:
            loop.run_until_complete(loop.create_task(main()))
        except (Exception, asyncio.CancelledError) as raised:
            failure = raised
        finally:
            cancel_rest(loop)
            loop.run_until_complete(loop.shutdown_asyncgens())
            loop.run_until_complete(loop.shutdown_default_executor())
    finally:
        builtins.print = plain_print
        time.sleep = plain_sleep
        asyncio.set_event_loop(None)
        loop.close()
    if failure is not None:
        plain_print(f"raised {describe(failure)}")


def run_plain(program):
    """program(new_loop) on the main thread, which runs loops that new_loop makes, one after another
    on one virtual clock; each line printed is prefixed with the time."""
    loops = []
    plain_print = builtins.print

    def now_ns():
        return loops[-1]._virtual.now_ns if loops else 0

    def new_loop():
        loop = VirtualLoop()
        loop._virtual.now_ns = now_ns()
        loops.append(loop)
        return loop

    def timed_print(*args):
        now_ms = now_ns() // 1_000_000
        text = " ".join(str(arg) for arg in args)
        plain_print(f"[{now_ms // 1000}.{now_ms % 1000:03d}] {text}")

    builtins.print = timed_print
    try:
        program(new_loop)
    finally:
        builtins.print = plain_print


# ---- For the twins that pin down an order. ----


async def turns(count):
    """Print a line in each of the next turns of the loop: a ruler for what happens beside it."""
    for turn in range(count):
        print(f"turn {turn}")
        await asyncio.sleep(0)


def describe(raised):
    message = str(raised)
    return type(raised).__name__ + (f": {message}" if message else "")


async def outcome(awaitable):
    """How an await ends: "OK", or the exception."""
    try:
        await awaitable
    except (Exception, asyncio.CancelledError) as raised:
        return describe(raised)
    return "OK"
