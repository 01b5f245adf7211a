"""Subprocesses: who runs when, from the start to the exit code."""

import asyncio
from asyncio.subprocess import DEVNULL, PIPE, STDOUT

import virtual_processes
from virtual_loop import outcome, run, turns


def count_main(child):
    for number in range(int(child.args[1])):
        child.write(f"{number}\n")
        child.sleep(0.5)
    child.write("done\n", 2)
    return 3


def upper_main(child):
    while line := child.read_line():
        child.write(line.decode().upper())
    child.write("no newline at the end")


def big_main(child):
    for _ in range(20):
        child.write("x" * 10_000)


async def ticker():
    for tick in range(4):
        print(f"tick {tick}")
        await asyncio.sleep(0.4)


async def inherited():
    process = await asyncio.create_subprocess_exec("echo", "Hello", "World")
    print(process, process.returncode, process.stdout)
    print("code", await process.wait())
    process = await asyncio.create_subprocess_exec("count", "1")
    beside = asyncio.create_task(turns(4))
    print("code", await process.wait(), process.returncode)
    await beside
    try:
        process.kill()
    except ProcessLookupError as error:
        print(type(error).__name__)
    print(await outcome(asyncio.create_subprocess_exec("nothing", "x")))


async def lines():
    process = await asyncio.create_subprocess_exec("count", "3", stdout=PIPE, stderr=PIPE)
    beside = asyncio.create_task(ticker())
    async for line in process.stdout:
        print("line", line.decode().strip())
    print("err", (await process.stderr.read()).decode().strip())
    print("code", await process.wait())
    await beside


async def talking():
    process = await asyncio.create_subprocess_exec("upper", stdin=PIPE, stdout=PIPE)
    process.stdin.write(b"one\n")
    await process.stdin.drain()
    print((await process.stdout.readline()).decode().strip())
    out, err = await process.communicate(b"two\nthree\n")
    print(out.decode().split("\n"), err, process.returncode)
    process = await asyncio.create_subprocess_exec("true", stdin=PIPE, stdout=PIPE)
    await asyncio.sleep(0.1)
    out, err = await process.communicate(b"nobody reads this")
    print(out, process.returncode)
    process = await asyncio.create_subprocess_exec("big", stdout=PIPE)
    await asyncio.sleep(0.1)
    print("known", process.returncode)
    out, _ = await process.communicate()
    print(len(out), process.returncode)
    process = await asyncio.create_subprocess_exec("count", "1", stdout=DEVNULL, stderr=DEVNULL)
    print("code", await process.wait())
    process = await asyncio.create_subprocess_exec("count", "1", stdout=PIPE, stderr=STDOUT)
    out, err = await process.communicate()
    print(out, err)


async def killing():
    process = await asyncio.create_subprocess_exec("sleep", "100", stdout=PIPE)
    waiting = asyncio.create_task(process.wait())
    beside = asyncio.create_task(turns(6))
    await asyncio.sleep(0.1)
    process.terminate()
    print("code", await waiting)
    await beside
    print("rest", await process.stdout.read())
    process = await asyncio.create_subprocess_exec("sleep", "100")
    print(await outcome(asyncio.wait_for(process.wait(), 1)))
    process.kill()
    process.kill()
    print("code", await process.wait())
    slow = asyncio.create_task(asyncio.create_subprocess_exec("sleep", "100", stdin=PIPE))
    await asyncio.sleep(0)
    slow.cancel()
    print(await outcome(slow))


async def shells():
    for command in (
        "echo one; echo two",
        "false && echo no || echo 'or else'",
        "true && echo \"a  b\"",
        "echo piped | upper | cat",
        "nothing here",
        "count 2 | cat; false",
    ):
        process = await asyncio.create_subprocess_shell(command, stdout=PIPE, stderr=PIPE)
        out, err = await process.communicate()
        print(repr(out.decode()), repr(err.decode()), process.returncode)


async def main():
    virtual_processes.program("count", count_main)
    virtual_processes.program("upper", upper_main)
    virtual_processes.program("big", big_main)
    await inherited()
    await lines()
    await talking()
    await killing()
    await shells()


run(main)
