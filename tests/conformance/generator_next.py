"""A generator stands still until it is asked for the next value."""

from virtual_loop import run


def numbers():
    for number in range(10):
        yield number


async def main():
    generator = numbers()
    print(next(generator))
    print(next(generator))


run(main)
