"""Of items with equal priority, a priority queue gives what heapq gives."""

import asyncio

from virtual_loop import run


class Job:
    def __init__(self, priority, number):
        self.priority = priority
        self.number = number

    def __lt__(self, other):
        return self.priority < other.priority


async def main():
    queue = asyncio.PriorityQueue()
    state = 1
    number = 0
    for _ in range(60):
        for _ in range(5):
            state = state * 1103515245 + 12345 & 0x7FFFFFFF
            if state >> 16 & 3 and (state >> 20) % 5 < 4:
                queue.put_nowait(Job((state >> 18) % 4, number))
                number += 1
            elif not queue.empty():
                job = queue.get_nowait()
                print(f"{job.priority}: {job.number}")
        while queue.qsize() > 20:
            job = queue.get_nowait()
            print(f"{job.priority}: {job.number}")
    while not queue.empty():
        job = queue.get_nowait()
        print(f"{job.priority}: {job.number}")


run(main)
