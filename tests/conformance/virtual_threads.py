"""Threads on a virtual clock: one runs at a time, until it blocks, in a fixed order.

Whoever blocks hands over to the next thread that can run, in order of creation, counted from
itself; when none can, the clock moves to the next deadline.
"""

import concurrent.futures
import os
import sys
import threading


def stuck():
    """Nothing can run and no deadline is pending: this program would wait for ever."""
    sys.stdout.write("stuck\n")
    sys.stdout.flush()
    # Unwinding would run the tasks' cleanup, which a program that hangs never gets to.
    os._exit(0)


class Thread:
    def __init__(self, index):
        self.index = index
        self.go = threading.Event()
        self.blocked = False
        self.late = False
        self.done = False
        self.deadline = None
        self.joiners = []


class Machine:
    """The clock, and whose turn it is."""

    def __init__(self):
        self.now_ns = 0
        self.threads = [Thread(0)]
        self.current = self.threads[0]
        self.kernel = None  # of the network, if there is one

    def start(self, body):
        thread = Thread(len(self.threads))
        self.threads.append(thread)

        def run():
            thread.go.wait()
            thread.go.clear()
            body()
            thread.done = True
            for joiner in thread.joiners:
                self.wake(joiner)
            thread.joiners.clear()
            self.current = self._pick(thread.index)
            self.current.go.set()

        threading.Thread(target=run, daemon=True).start()
        return thread

    def join(self, thread):
        if not thread.done:
            thread.joiners.append(self.current)
            self.block()

    def wake(self, thread):
        thread.blocked = False
        thread.deadline = None

    def block(self, deadline=None):
        """Block the current thread until it is woken, or until a time (ns): then True."""
        thread = self.current
        thread.blocked = True
        thread.late = False
        thread.deadline = deadline
        self._hand_over(self._pick(thread.index))
        return thread.late

    def _hand_over(self, following):
        thread = self.current
        if following is thread:
            return
        self.current = following
        following.go.set()
        thread.go.wait()
        thread.go.clear()

    def sleep(self, seconds):
        """Let time pass; for no time at all, let another thread go first."""
        if seconds > 0:
            self.block(self.now_ns + round(seconds * 1_000_000_000))
        else:
            self._hand_over(self._pick(self.current.index + 1))

    def _pick(self, first):
        while True:
            for offset in range(len(self.threads)):
                thread = self.threads[(first + offset) % len(self.threads)]
                if not thread.blocked and not thread.done:
                    return thread
            deadlines = [t.deadline for t in self.threads if t.deadline is not None and not t.done]
            alarm = None if self.kernel is None else self.kernel.alarms.first()
            if alarm is not None:
                deadlines.append(alarm)
            if not deadlines:
                stuck()
            self.now_ns = max(self.now_ns, min(deadlines))
            if self.kernel is not None:
                self.kernel.alarms.ring()
            for thread in self.threads:
                if thread.deadline is not None and thread.deadline <= self.now_ns:
                    self.wake(thread)
                    thread.late = True


class Gil:
    """One thread computes at a time, for 5 ms if another waits: what CPython has, on this clock."""

    def __init__(self, machine):
        self.machine = machine
        self.holder = None
        self.waiters = []

    def compute(self, milliseconds):
        while milliseconds > 0:
            slice_ms = min(milliseconds, 5)
            if self.holder is not None:
                self.waiters.append(self.machine.current)
                self.machine.block()
            self.holder = self.machine.current
            self.machine.sleep(slice_ms / 1000)
            milliseconds -= slice_ms
            self.holder = self.waiters.pop(0) if self.waiters else None
            if self.holder is not None:
                self.machine.wake(self.holder)


class Mutex:
    """threading.Lock on this clock: whoever is woken looks again."""

    def __init__(self, machine):
        self.machine = machine
        self.held = False
        self.waiters = []

    def acquire(self, timeout=-1):
        """False if it could not be had for so many seconds."""
        thread = self.machine.current
        deadline = None if timeout < 0 else self.machine.now_ns + round(timeout * 1_000_000_000)
        while self.held:
            if deadline is not None and deadline <= self.machine.now_ns:
                return False
            self.waiters.append(thread)
            if self.machine.block(deadline):
                if thread in self.waiters:
                    self.waiters.remove(thread)
                return False
        self.held = True
        return True

    def release(self):
        self.held = False
        for thread in self.waiters:
            self.machine.wake(thread)
        self.waiters.clear()

    def __enter__(self):
        self.acquire()

    def __exit__(self, *_):
        self.release()


class Pool(concurrent.futures.ThreadPoolExecutor):
    """As many threads as there is work for, up to a number; idle ones are used first."""

    def __init__(self, machine, workers=32):
        super().__init__(workers)
        self.machine = machine
        self.limit = workers
        self.jobs = []
        self.sleepers = []
        self.closers = []
        self.workers = self.running = 0
        self.stopped = False
        self.on_stopped = None

    def submit(self, fn, /, *args, **kwargs):
        if self.stopped:
            raise RuntimeError("cannot schedule new futures after shutdown")
        future = concurrent.futures.Future()
        self.jobs.append((future, fn, args, kwargs))
        if self.sleepers:
            self.machine.wake(self.sleepers.pop(0))
        elif self.workers < self.limit:
            self.workers += 1
            self.running += 1
            self.machine.start(self._work)
        return future

    def _work(self):
        while True:
            while self.jobs:
                future, fn, args, kwargs = self.jobs.pop(0)
                if not future.set_running_or_notify_cancel():
                    continue
                try:
                    result = fn(*args, **kwargs)
                except BaseException as raised:
                    future.set_exception(raised)
                else:
                    future.set_result(result)
            if self.stopped:
                break
            self.sleepers.append(self.machine.current)
            self.machine.block()
        self.running -= 1
        if self.running == 0:
            for thread in self.closers:
                self.machine.wake(thread)
            if self.on_stopped is not None:
                self.on_stopped()

    def stop(self):
        self.stopped = True
        for thread in self.sleepers:
            self.machine.wake(thread)
        self.sleepers = []

    def shutdown(self, wait=True, *, cancel_futures=False):
        self.stop()
        if wait and self.running > 0:
            self.closers.append(self.machine.current)
            self.machine.block()


def make_futures_virtual(machine):
    """Let concurrent futures block virtual threads."""

    class Future(concurrent.futures.Future):
        def result(self, timeout=None):
            if not self.done():
                thread = machine.current
                self.add_done_callback(lambda future: machine.wake(thread))
                if timeout is None:
                    machine.block()
                else:
                    machine.sleep(timeout)
                if not self.done():
                    raise TimeoutError
            return super().result(0)

    concurrent.futures.Future = Future
