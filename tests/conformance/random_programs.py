"""Random programs: eight tasks at most do random things to each other.  What each says is printed.

A program is a line "tasks LAST", and lines "LIST NAME A B C SPAN ENDS": an operation of a task (list 0 is main) or
of a procedure (list 8 or 9), its numbers, how many operations after it are its scope, and 1 if an
exception ends who meets it there.
"""

import asyncio
import contextvars
import os
import sys
import time

from virtual_loop import describe, run

STARTED_MAX = 12


def message(number):
    return f"message {number}" if number else None


def describe_whole(raised):
    """An exception, with those of a group."""
    text = describe(raised)
    if isinstance(raised, BaseExceptionGroup):
        text += " [" + ", ".join(map(describe_whole, raised.exceptions)) + "]"
    return text


class World:
    """What the tasks of a program share."""

    def __init__(self, last, lists):
        self.last = last
        self.lists = lists
        self.started = 0
        self.kept = []

    async def main(self):
        loop = asyncio.get_running_loop()
        self.locks = [asyncio.Lock(), asyncio.Lock()]
        self.futures = [loop.create_future(), loop.create_future()]
        self.event = asyncio.Event()
        self.condition = asyncio.Condition()
        self.semaphores = [asyncio.Semaphore(1), asyncio.BoundedSemaphore(2)]
        self.barrier = asyncio.Barrier(3)
        self.queues = [asyncio.Queue(1), asyncio.PriorityQueue(3), asyncio.LifoQueue(2)]
        self.variable = contextvars.ContextVar("variable")
        self.generator = count_up()
        self.tasks = [asyncio.current_task()]
        for number in range(1, self.last + 1):
            self.tasks.append(asyncio.create_task(Actor(self, number).body()))
        await Actor(self, 0).body()

    def procedure(self, number):
        """A run of a procedure; None if too many were started."""
        self.started += 1
        return Actor(self, number).body() if self.started <= STARTED_MAX else None


async def count_up():
    try:
        for i in range(6):
            await asyncio.sleep(i % 2)
            yield i
    finally:
        print("generator ends")


class Actor:
    """Who performs operations."""

    def __init__(self, world, number):
        self.world = world
        self.number = number
        self.operations = world.lists.get(number, [])
        self.timeouts = []
        self.groups = []

    def __getattr__(self, name):
        return getattr(self.world, name)

    async def body(self):
        await self.perform(0, len(self.operations))
        return self.number

    async def perform(self, first, end):
        number = first
        while number < end:
            name, a, b, c, span, ends = self.operations[number]
            behind = min(number + 1 + span, end)
            self_and = (number + 1, behind) if name in ("timeout", "group") else ()
            try:
                said = await getattr(self, name)(a, b, c, *self_and)
            except (Exception, asyncio.CancelledError, BaseExceptionGroup) as raised:
                print(f"{self.number}.{number} {name}: {describe_whole(raised)}")
                if ends:
                    raise
            else:
                print(f"{self.number}.{number} {name}" + (f": {said}" if said else ""))
            number = behind

    async def sleep(self, a, b, c):
        await asyncio.sleep(a)

    async def sleep_within(self, a, b, c):
        await asyncio.wait_for(asyncio.sleep(a), b)

    async def sleep_within_within(self, a, b, c):
        await asyncio.wait_for(self.sleep_within(a, b, c), c)

    async def lock(self, a, b, c):
        await self.locks[a].acquire()

    async def lock_within(self, a, b, c):
        await asyncio.wait_for(self.locks[a].acquire(), b)

    async def unlock(self, a, b, c):
        self.locks[a].release()

    async def event_wait(self, a, b, c):
        await self.event.wait()

    async def event_wait_within(self, a, b, c):
        await asyncio.wait_for(self.event.wait(), b)

    async def event_set(self, a, b, c):
        self.event.set()

    async def event_clear(self, a, b, c):
        self.event.clear()

    async def condition_lock(self, a, b, c):
        await self.condition.acquire()

    async def condition_unlock(self, a, b, c):
        self.condition.release()

    async def condition_wait(self, a, b, c):
        await self.condition.wait()

    async def condition_wait_within(self, a, b, c):
        await asyncio.wait_for(self.condition.wait(), b)

    async def condition_notify(self, a, b, c):
        self.condition.notify(a + 1)

    async def condition_notify_all(self, a, b, c):
        self.condition.notify_all()

    async def semaphore_acquire(self, a, b, c):
        await self.semaphores[a].acquire()

    async def semaphore_acquire_within(self, a, b, c):
        await asyncio.wait_for(self.semaphores[a].acquire(), b)

    async def semaphore_release(self, a, b, c):
        self.semaphores[a].release()

    async def barrier_wait(self, a, b, c):
        return str(await self.barrier.wait())

    async def barrier_wait_within(self, a, b, c):
        return str(await asyncio.wait_for(self.barrier.wait(), b))

    async def barrier_reset(self, a, b, c):
        await self.barrier.reset()

    async def barrier_abort(self, a, b, c):
        await self.barrier.abort()

    async def queue_put(self, a, b, c):
        await self.queues[a].put(c)

    async def queue_put_within(self, a, b, c):
        await asyncio.wait_for(self.queues[a].put(c), b)

    async def queue_put_nowait(self, a, b, c):
        self.queues[a].put_nowait(c)

    async def queue_get(self, a, b, c):
        return str(await self.queues[a].get())

    async def queue_get_within(self, a, b, c):
        return str(await asyncio.wait_for(self.queues[a].get(), b))

    async def queue_get_nowait(self, a, b, c):
        return str(self.queues[a].get_nowait())

    async def queue_task_done(self, a, b, c):
        self.queues[a].task_done()

    async def queue_join(self, a, b, c):
        await self.queues[a].join()

    async def queue_join_within(self, a, b, c):
        await asyncio.wait_for(self.queues[a].join(), b)

    async def queue_shutdown(self, a, b, c):
        self.queues[a].shutdown(immediate=b == 0)

    async def sync_look(self, a, b, c):
        barrier, queue = self.barrier, self.queues[a]
        locked = int(self.semaphores[a].locked())
        there = f"{barrier.n_waiting} {int(barrier.broken)}"
        return f"{locked}, {there}, {queue.qsize()} {int(queue.full())}"

    async def task_await(self, a, b, c):
        await self.tasks[a]

    async def task_await_within(self, a, b, c):
        await asyncio.wait_for(self.tasks[a], b)

    async def task_cancel(self, a, b, c):
        return str(int(self.tasks[a].cancel(message(b))))

    async def task_cancel_later(self, a, b, c):
        asyncio.get_running_loop().call_later(b, self.tasks[a].cancel, message(c))

    async def task_callback(self, a, b, c):
        self.tasks[a].add_done_callback(lambda task: print(f"callback of {a}"))

    async def task_look(self, a, b, c):
        task = self.tasks[a]
        return f"{task.cancelling()} {int(task.done())} {int(task.cancelled())}"

    async def uncancel(self, a, b, c):
        return str(asyncio.current_task().uncancel())

    async def future_new(self, a, b, c):
        self.world.futures[a] = asyncio.get_running_loop().create_future()

    async def future_await(self, a, b, c):
        await self.futures[a]

    async def future_await_within(self, a, b, c):
        await asyncio.wait_for(self.futures[a], b)

    async def future_result(self, a, b, c):
        self.futures[a].set_result(7)

    async def future_exception(self, a, b, c):
        self.futures[a].set_exception(ValueError("from a future"))

    async def future_cancel(self, a, b, c):
        return str(int(self.futures[a].cancel(message(b))))

    async def shield(self, a, b, c):
        await asyncio.shield(self.tasks[a])

    async def shield_within(self, a, b, c):
        await asyncio.wait_for(asyncio.shield(self.tasks[a]), b)

    async def gather(self, a, b, c):
        future = self.futures[c % 2]
        results = await asyncio.gather(
            self.tasks[a], self.tasks[b], future, return_exceptions=c >= 2
        )
        return ", ".join(
            describe(result) if isinstance(result, BaseException) else str(result)
            for result in results
        )

    async def gather_nested(self, a, b, c):
        inner = asyncio.gather(self.tasks[a], self.futures[c % 2])
        await asyncio.gather(inner, self.tasks[b], return_exceptions=c >= 2)

    async def raise_error(self, a, b, c):
        raise ValueError(f"failure {a}")

    async def timeout(self, a, b, c, first, end):
        async with asyncio.timeout(a if c else None) as scope:
            self.timeouts.append(scope)
            try:
                await self.perform(first, end)
            finally:
                self.timeouts.pop()
        return str(int(scope.expired()))

    async def timeout_reschedule(self, a, b, c):
        if not self.timeouts:
            return "-1"
        try:
            self.timeouts[-1].reschedule(asyncio.get_running_loop().time() + a if c else None)
        except RuntimeError as raised:
            return type(raised).__name__
        return "OK"

    async def group(self, a, b, c, first, end):
        async with asyncio.TaskGroup() as scope:
            self.groups.append(scope)
            try:
                await self.perform(first, end)
            finally:
                self.groups.pop()

    async def group_task(self, a, b, c):
        body = self.world.procedure(a) if self.groups else None
        if body is None:
            return "-1"
        try:
            self.groups[-1].create_task(body)
        except RuntimeError as raised:
            body.close()
            return type(raised).__name__

    async def start(self, a, b, c):
        body = self.world.procedure(a)
        if body is None:
            return "-1"
        self.kept.append(asyncio.create_task(body))

    async def start_eagerly(self, a, b, c):
        body = self.world.procedure(a)
        if body is None:
            return "-1"
        loop = asyncio.get_running_loop()
        task = asyncio.Task(body, loop=loop, eager_start=True)
        if not task.done():
            loop._tasks.append(task)
        self.kept.append(task)
        return str(int(task.done()))

    async def start_and_await(self, a, b, c):
        body = self.world.procedure(a)
        if body is None:
            return "-1"
        await asyncio.create_task(body)

    def some(self, a, b, c):
        return [self.tasks[a], self.tasks[b], self.futures[c % 2]]

    async def wait(self, a, b, c, timeout, when):
        futures = self.some(a, b, c)
        done, _ = await asyncio.wait(futures, timeout=timeout, return_when=when)
        return "".join(str(int(future in done)) for future in futures)

    async def wait_first(self, a, b, c):
        return await self.wait(a, b, c, None, asyncio.FIRST_COMPLETED)

    async def wait_exception(self, a, b, c):
        return await self.wait(a, b, c, 2, asyncio.FIRST_EXCEPTION)

    async def wait_all(self, a, b, c):
        return await self.wait(a, b, c, c, asyncio.ALL_COMPLETED)

    async def as_completed(self, a, b, c):
        said = []
        for next_one in asyncio.as_completed(self.some(a, b, c), timeout=c if c >= 2 else None):
            try:
                said.append(str(await next_one))
            except (Exception, asyncio.CancelledError, BaseExceptionGroup) as raised:
                said.append(describe_whole(raised))
        return " ".join(said)

    async def call_soon(self, a, b, c):
        asyncio.get_running_loop().call_soon(print, f"called {a}")

    async def call_later(self, a, b, c):
        asyncio.get_running_loop().call_later(b, print, f"called {a}")

    async def context_set(self, a, b, c):
        self.variable.set(a)

    async def context_look(self, a, b, c):
        return str(self.variable.get(-1))

    async def thread(self, a, b, c):
        await asyncio.to_thread(time.sleep, a)

    async def thread_within(self, a, b, c):
        await asyncio.wait_for(self.thread(a, b, c), b)

    async def generator_next(self, a, b, c):
        return str(await anext(self.generator))

    async def generator_close(self, a, b, c):
        await self.generator.aclose()


def read(lines):
    """The number of its last task, and its lists."""
    first, *rest = lines
    lists = {}
    for line in rest:
        number, name, *numbers = line.split()
        lists.setdefault(int(number), []).append((name, *map(int, numbers)))
    return int(first.split()[1]), lists


def output(lines):
    """What a program prints, in a process of its own: what hangs ends that."""
    readable, writable = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(readable)
        os.dup2(writable, 1)
        run(World(*read(lines)).main)
        sys.stdout.flush()
        os._exit(0)
    os.close(writable)
    with open(readable, encoding="utf-8") as pipe:
        text = pipe.read()
    os.waitpid(child, 0)
    return text


if __name__ == "__main__":
    sys.stdout.write(output(sys.stdin))
