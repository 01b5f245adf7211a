"""Where the twins are, and which CPython can run them."""

import glob
import os
import shutil
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
REFERENCE = (3, 13)
HELPERS = {"each", "ported", "pythons", "random_hunt", "random_programs", "record", "run"}


def twins():
    """The names of all twins."""
    paths = glob.glob(os.path.join(HERE, "*.py"))
    names = {os.path.basename(path)[:-3] for path in paths} - HELPERS
    return sorted(name for name in names if not name.startswith("virtual_"))


def recording(name):
    return os.path.join(HERE, name + ".out")


def output(python, name):
    """What a twin prints; raises CalledProcessError if it fails."""
    command = [python, "-B", os.path.join(HERE, name + ".py")]
    done = subprocess.run(command, stdout=subprocess.PIPE, check=True, timeout=60)
    return done.stdout.decode()


def outputs(python, names):
    """What each of the twins prints; None if it fails."""
    with tempfile.TemporaryDirectory() as folder:
        command = [python, "-B", os.path.join(HERE, "each.py"), folder, *names]
        done = subprocess.run(command, stdout=subprocess.PIPE, check=True)
        failed = done.stdout.decode().split()
        texts = dict.fromkeys(failed)
        for name in names:
            if name not in failed:
                path = os.path.join(folder, name + ".out")
                with open(path, encoding="utf-8", newline="") as file:
                    texts[name] = file.read()
    return texts


def version(python):
    """(major, minor) of a CPython; None for what does not run or is another implementation."""
    ask = "import sys; print(sys.implementation.name, sys.version_info[0], sys.version_info[1])"
    try:
        told = subprocess.run([python, "-c", ask], capture_output=True, timeout=60, check=True)
    except (OSError, subprocess.SubprocessError):
        return None
    name, major, minor = told.stdout.decode().split()
    return (int(major), int(minor)) if name == "cpython" else None


def candidates():
    yield sys.executable
    for name in ["python3.13", "python3.14", "python3.15", "python3"]:
        path = shutil.which(name)
        if path:
            yield path
    root = os.environ.get("PYENV_ROOT") or os.path.expanduser("~/.pyenv")
    yield from sorted(glob.glob(os.path.join(root, "versions", "3.*", "bin", "python3")))


def find_python():
    """The reference if there is one, else the next later CPython; None without either."""
    found = {}
    for python in candidates():
        found.setdefault(version(python), python)
        if REFERENCE in found:
            return found[REFERENCE]
    later = sorted(number for number in found if number and number > REFERENCE)
    return found[later[0]] if later else None
