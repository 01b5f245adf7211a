"""Record what the twins print: record.py [NAME ...].  Needs CPython 3.13, the reference."""

import sys

import pythons


def main():
    python = pythons.find_python()
    if python is None or pythons.version(python) != pythons.REFERENCE:
        sys.exit("record: no CPython 3.13 found (on PATH, or under pyenv)")
    for name in sys.argv[1:] or pythons.twins():
        text = pythons.output(python, name)
        with open(pythons.recording(name), "w", encoding="utf-8", newline="\n") as file:
            file.write(text)


main()
