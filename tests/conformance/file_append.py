"""Lines at the end of a file."""

import asyncio

import virtual_processes
from virtual_loop import run
from virtual_processes import File


async def tick():
    for _ in range(4):
        print("tick")
        await asyncio.sleep(0.03)


async def append():
    file = await asyncio.to_thread(File, "ports.tsv", "a")
    for port in (22, 80, 443):
        await asyncio.to_thread(file.write, f"example.org\t{port}\n")
        print("wrote", port)
    await asyncio.to_thread(file.close)


def show():
    file = File("ports.tsv", "r")
    while line := file.read_line():
        print(line.rstrip("\n"))
    file.close()


async def main():
    virtual_processes.create_file("ports.tsv", "host\tport\n")
    virtual_processes.disk_latency(20)
    await asyncio.gather(append(), tick())
    await asyncio.to_thread(show)


run(main)
