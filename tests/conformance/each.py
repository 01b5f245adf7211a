"""Run twins, each in a process that begins as a copy of this one:   each.py FOLDER TWIN...

asyncio takes longer to import than most twins take to run.  What a twin prints goes to
FOLDER/TWIN.out; the names of those that failed are printed.
"""

import asyncio  # for the copies
import os
import signal
import sys
import types

import pythons

SECONDS = 60


def become(folder, name):
    """Be the twin from here on, as if Python had been started with it."""
    path = os.path.join(pythons.HERE, name + ".py")
    output = os.open(os.path.join(folder, name + ".out"), os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    os.dup2(output, 1)
    os.close(output)
    signal.alarm(SECONDS)
    sys.argv[:] = [path]
    sys.modules["__main__"] = module = types.ModuleType("__main__")
    module.__file__ = path
    with open(path, "rb") as source:
        exec(compile(source.read(), path, "exec"), module.__dict__)


def main():
    folder, *names = sys.argv[1:]
    failed = []
    for name in names:
        child = os.fork()
        if child == 0:
            become(folder, name)
            return  # it ends as any program does
        if os.waitpid(child, 0)[1] != 0:
            failed.append(name)
    for name in failed:
        print(name)


main()
