"""Run the twins live and compare with the recordings.

Exits with 0 if all agree, 1 if some differ, 77 if there is no CPython 3.13 or later.
"""

import concurrent.futures
import difflib
import os
import sys

import pythons

SKIPPED = 77


def difference(name, live):
    """"" where output and recording agree."""
    if live is None:
        return f"{name}: failed\n"
    with open(pythons.recording(name), encoding="utf-8", newline="") as file:
        recorded = file.read()
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
    count = os.cpu_count()
    shares = [names[i::count] for i in range(count)]
    live = {}
    with concurrent.futures.ThreadPoolExecutor(count) as pool:
        for texts in pool.map(lambda share: pythons.outputs(python, share), shares):
            live.update(texts)
    differences = [difference(name, live[name]) for name in names]
    sys.stdout.write("".join(differences))
    differing = sum(1 for text in differences if text)
    number = ".".join(str(part) for part in pythons.version(python))
    print(f"conformance: CPython {number}: {len(names) - differing} of {len(names)} twins agree")
    return 1 if differing else 0


sys.exit(main())
