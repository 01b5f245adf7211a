"""Compare random programs in the simulator and in CPython.

random_hunt.py TEST FIRST COUNT     compare; a program that differs is shrunk, and shown
random_hunt.py TEST record COUNT    record what CPython prints, as random_programs.out

TEST is the program test_conformance_random.  Exits with 0 if all agree, 1 if some differ, 77 if
this is no CPython 3.13.
"""

import concurrent.futures
import os
import subprocess
import sys

import pythons

if sys.version_info[:2] == pythons.REFERENCE:
    import random_programs

BATCH = 50
SKIPPED = 77


def simulate(test, lines):
    done = subprocess.run(
        [test, "run"], input="".join(lines), stdout=subprocess.PIPE, text=True, timeout=60
    )
    # One that crashes differs.
    return done.stdout if done.returncode == 0 else f"exited with {done.returncode}\n"


def batch(test, first, count):
    """(seed, lines of the program, what the simulator prints) of each."""
    done = subprocess.run(
        [test, "print", str(first), str(count)], stdout=subprocess.PIPE, text=True, check=True
    )
    programs = []
    for line in done.stdout.splitlines(keepends=True):
        if line.startswith("program "):
            programs.append((int(line.split()[1]), [], []))
            part = 1
        elif line == "prints\n":
            part = 2
        else:
            programs[-1][part].append(line)
    return [(seed, lines, "".join(printed)) for seed, lines, printed in programs]


def compare(test, first, count):
    return [
        (seed, lines)
        for seed, lines, printed in batch(test, first, count)
        if random_programs.output(lines) != printed
    ]


def differs(test, lines):
    return simulate(test, lines) != random_programs.output(lines)


def shrink(test, lines):
    """Leave out what can be left out while there is still a difference."""
    size = len(lines) // 2
    while size > 0:
        at = 1
        while at < len(lines):
            fewer = lines[:at] + lines[at + size :]
            if differs(test, fewer):
                lines = fewer
            else:
                at += size
        size //= 2
    return lines


def show(test, seed, lines):
    lines = shrink(test, lines)
    print(f"program {seed}, shrunk to {len(lines) - 1} operations:")
    print("".join(lines), end="")
    print("CPython prints:\n" + random_programs.output(lines), end="")
    print("the simulator prints:\n" + simulate(test, lines), end="", flush=True)


def digest(text):
    value = 0xCBF29CE484222325
    for byte in text.encode():
        value = (value ^ byte) * 0x100000001B3 & 0xFFFFFFFFFFFFFFFF
    return value


def digests(test, first, count):
    return [digest(random_programs.output(lines)) for _, lines, _ in batch(test, first, count)]


def batches(job, test, first, count):
    """The job's results over all seeds, in order."""
    with concurrent.futures.ProcessPoolExecutor(os.cpu_count()) as pool:
        jobs = [
            pool.submit(job, test, at, min(BATCH, first + count - at))
            for at in range(first, first + count, BATCH)
        ]
        for each in jobs:
            yield from each.result()


def main():
    if sys.version_info[:2] != pythons.REFERENCE or sys.implementation.name != "cpython":
        python = pythons.find_python()
        if python is None or pythons.version(python) != pythons.REFERENCE:
            print("random_hunt: skipped, no CPython 3.13 found")
            sys.exit(SKIPPED)
        os.execv(python, [python, "-B", *sys.argv])
    test, count = sys.argv[1], int(sys.argv[3])
    if sys.argv[2] == "record":
        text = "".join(f"{value:016x}\n" for value in batches(digests, test, 0, count))
        with open(pythons.recording("random_programs"), "w", encoding="utf-8") as file:
            file.write(text)
        return
    differing = 0
    for seed, lines in batches(compare, test, int(sys.argv[2]), count):
        differing += 1
        if differing <= 3:
            show(test, seed, lines)
    print(f"random_hunt: {count - differing} of {count} programs agree")
    sys.exit(1 if differing else 0)


main()
