"""Run the twins live and compare with the recordings.

Exits with 0 if all agree, 1 if some differ, 77 if there is no CPython 3.13 or later.
"""

import concurrent.futures
import difflib
import os
import subprocess
import sys

import pythons

SKIPPED = 77


def difference(python, name):
    """"" where output and recording agree."""
    try:
        with open(pythons.recording(name), encoding="utf-8", newline="") as file:
            recorded = file.read()
        live = pythons.output(python, name)
    except (OSError, subprocess.SubprocessError) as failure:
        return f"{name}: {failure}\n"
    if live == recorded:
        return ""
    lines = difflib.unified_diff(
        recorded.splitlines(), live.splitlines(), f"{name}.out", "live", lineterm=""
    )
    return "\n".join(lines) + "\n"


def main():
    python = pythons.find_python()
    if python is None:
        print("conformance: skipped, no CPython 3.13 or later found (on PATH, or under pyenv)")
        return SKIPPED
    names = pythons.twins()
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        differences = list(pool.map(lambda name: difference(python, name), names))
    sys.stdout.write("".join(differences))
    differing = sum(1 for text in differences if text)
    number = ".".join(str(part) for part in pythons.version(python))
    print(f"conformance: CPython {number}: {len(names) - differing} of {len(names)} twins agree")
    return 1 if differing else 0


sys.exit(main())
