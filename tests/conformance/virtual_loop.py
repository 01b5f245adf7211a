"""An asyncio event loop on a virtual clock: no sleep takes any time.

The loop is CPython's own, so the order of callbacks is CPython's own.  Three things differ, because
without them a recording would not be the same twice:
- time moves only when nothing is ready, straight to the next timer;
- timers due together fire in the order in which they were made (CPython leaves it to its heap);
- the tasks left when main ends, and those of a TaskGroup, are cancelled in the order in which they
  were made, and wait() and as_completed() look at their futures in the order given (there: a
  set's).

Works on CPython 3.11 and later; recordings are made with 3.13.
"""

import asyncio
import asyncio.tasks
import builtins
import heapq
import itertools
import selectors
import time

from virtual_network import FIRST_FD, make_network_virtual
from virtual_processes import finish, make_processes_virtual
from virtual_threads import Machine, Pool, make_futures_virtual

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


class OrderedAsCompleted(asyncio.tasks._AsCompletedIterator):
    def __init__(self, aws, timeout):
        super().__init__([], None)
        loop = asyncio.get_running_loop()
        self._todo = OrderedSet(asyncio.ensure_future(aw, loop=loop) for aw in OrderedSet(aws))
        self._todo_left = len(self._todo)
        for future in self._todo:
            future.add_done_callback(self._handle_completion)
        if self._todo and timeout is not None:
            self._timeout_handle = loop.call_later(timeout, self._handle_timeout)


# What asyncio.wait and as_completed make of what they are given.
asyncio.tasks.set = OrderedSet
asyncio.tasks._AsCompletedIterator = OrderedAsCompleted
asyncio.TaskGroup = OrderedTaskGroup


class Timer(asyncio.TimerHandle):
    """A timer that comes after every older timer with the same deadline."""

    def __lt__(self, other):
        return (self._when, self.order) < (other._when, other.order)


class VirtualSelector(selectors.DefaultSelector):
    """A selector that does not wait: it lets other threads run, and moves the clock."""

    def __init__(self, machine):
        super().__init__()
        self.machine = machine
        self.waiting = None
        self.virtual = {}  # watched virtual descriptors
        self.ready = {}  # those with something to do, in the order in which they got it
        machine.kernel.descriptors.selectors.append(self)

    def register(self, fileobj, events, data=None):
        if fileobj < FIRST_FD:
            return super().register(fileobj, events, data)
        key = selectors.SelectorKey(fileobj, fileobj, events, data)
        self.virtual[fileobj] = key
        self.update(fileobj)
        return key

    def unregister(self, fileobj):
        if fileobj < FIRST_FD:
            return super().unregister(fileobj)
        key = self.virtual.pop(fileobj)
        self.update(fileobj)
        return key

    def modify(self, fileobj, events, data=None):
        if fileobj < FIRST_FD:
            return super().modify(fileobj, events, data)
        return self.register(fileobj, events, data)

    def get_map(self):
        return {**super().get_map(), **self.virtual}

    def update(self, number):
        key = self.virtual.get(number)
        thing = self.machine.kernel.descriptors.open.get(number)
        due = key is not None and thing is not None and key.events & thing.ready
        if not due:
            self.ready.pop(number, None)
            return
        self.ready.setdefault(number)
        self.wake()

    def _events(self):
        things = self.machine.kernel.descriptors.open
        return [
            (self.virtual[number], things[number].ready & self.virtual[number].events)
            for number in self.ready
        ]

    def select(self, timeout=None):
        if timeout == 0 or self.ready:
            return self._events()
        self.waiting = self.machine.current
        deadline = None if timeout is None else self.machine.now_ns + round(timeout * NS)
        self.machine.block(deadline)
        self.waiting = None
        return self._events()

    def wake(self):
        if self.waiting is not None:
            self.machine.wake(self.waiting)


class VirtualLoop(asyncio.SelectorEventLoop):
    def __init__(self, machine):
        self.machine = machine
        self._virtual = VirtualSelector(machine)
        self._order = itertools.count()
        self._tasks = []
        super().__init__(self._virtual)
        self._clock_resolution = 0.5 / NS
        # A failure that nobody looks at is not part of the output.
        self.set_exception_handler(lambda loop, context: None)

    def time(self):
        return self.machine.now_ns / NS

    def _write_to_self(self):
        self._virtual.wake()

    def run_in_executor(self, executor, func, *args):
        if executor is None and self._default_executor is None:
            self.set_default_executor(Pool(self.machine))
        return super().run_in_executor(executor, func, *args)

    async def shutdown_default_executor(self, timeout=None):
        self._executor_shutdown_called = True
        pool = self._default_executor
        if pool is None:
            return
        pool.stop()
        if pool.running > 0:
            stopped = self.create_future()
            pool.on_stopped = lambda: self.call_soon_threadsafe(stopped.set_result, None)
            await stopped

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


def cancel_rest(loop):
    """As asyncio.run does when main has ended, but in a fixed order."""
    rest = loop.unfinished()
    for task in rest:
        task.cancel()
    if rest:
        loop.run_until_complete(asyncio.gather(*rest, return_exceptions=True))


def machine_with_clock():
    """A machine whose time every printed line is prefixed with; and what undoes that."""
    machine = Machine()
    plain_print = builtins.print
    plain_sleep = time.sleep

    def timed_print(*args, sep=" "):
        now_ms = machine.now_ns // 1_000_000
        text = sep.join(str(arg) for arg in args)
        plain_print(f"[{now_ms // 1000}.{now_ms % 1000:03d}] {text}")

    def undo():
        builtins.print = plain_print
        time.sleep = plain_sleep
        undo_network()
        undo_processes()

    undo_network = make_network_virtual(machine)
    undo_processes = make_processes_virtual(machine)
    builtins.print = timed_print
    time.sleep = machine.sleep
    make_futures_virtual(machine)
    return machine, undo


def run(main):
    """asyncio.run(main()) on the virtual clock; each line printed is prefixed with the time."""
    machine, undo = machine_with_clock()
    loop = VirtualLoop(machine)
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
            finish()
    finally:
        undo()
        asyncio.set_event_loop(None)
        loop.close()
    if failure is not None:
        print(f"raised {describe(failure)}")


def run_plain(program):
    """program(new_loop) on the main thread, which runs loops that new_loop makes, one after another
    on one virtual clock; each line printed is prefixed with the time."""
    machine, undo = machine_with_clock()
    try:
        program(lambda: VirtualLoop(machine))
        finish()
    finally:
        undo()


def run_on_threads(program):
    """program(machine) on the main thread, without a loop; each line printed is prefixed with the
    time."""
    machine, undo = machine_with_clock()
    try:
        program(machine)
        finish()
    finally:
        undo()


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
