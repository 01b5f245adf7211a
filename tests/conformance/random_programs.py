"""Random programs: five tasks at most do random things to each other.  What each says is printed.

Reads random_programs.txt, which random_generate.py writes: a line "program N", then for each
operation a line "TASK NAME A B C ENDS", where task 0 is main, and ENDS is 1 if an exception ends
the task that meets it there.
"""

import asyncio
import os
import sys

from virtual_loop import describe, run


def message(number):
    return f"message {number}" if number else None


class Program:
    def __init__(self, operations):
        self.operations = operations

    async def main(self):
        loop = asyncio.get_running_loop()
        self.locks = [asyncio.Lock(), asyncio.Lock()]
        self.futures = [loop.create_future(), loop.create_future()]
        self.event = asyncio.Event()
        self.condition = asyncio.Condition()
        self.semaphores = [asyncio.Semaphore(1), asyncio.BoundedSemaphore(2)]
        self.barrier = asyncio.Barrier(3)
        self.queues = [asyncio.Queue(1), asyncio.PriorityQueue(3)]
        self.tasks = [asyncio.current_task()]
        for me in range(1, max(self.operations) + 1):
            self.tasks.append(asyncio.create_task(self.body(me)))
        await self.body(0)

    async def body(self, me):
        for number, (name, a, b, c, ends) in enumerate(self.operations.get(me, [])):
            try:
                said = await getattr(self, name)(a, b, c)
            except (Exception, asyncio.CancelledError) as raised:
                print(f"{me}.{number} {name}: {describe(raised)}")
                if ends:
                    raise
            else:
                print(f"{me}.{number} {name}" + (f": {said}" if said else ""))
        return me

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
        self.futures[a] = asyncio.get_running_loop().create_future()

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


def read(path):
    programs = []
    with open(path, encoding="utf-8") as file:
        for line in file:
            words = line.split()
            if words[0] == "program":
                programs.append({})
            else:
                task, name, *numbers = words
                operation = (name, *map(int, numbers))
                programs[-1].setdefault(int(task), []).append(operation)
    return programs


def main():
    here = os.path.dirname(os.path.abspath(__file__))
    for number, operations in enumerate(read(os.path.join(here, "random_programs.txt"))):
        print(f"program {number}")
        sys.stdout.flush()
        # A process each: what hangs ends its process.
        child = os.fork()
        if child == 0:
            run(Program(operations).main)
            sys.stdout.flush()
            os._exit(0)
        os.waitpid(child, 0)


main()
