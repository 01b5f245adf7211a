"""anext asks an asynchronous generator for its next value."""

from virtual_loop import run


async def numbers():
    for number in range(10):
        yield number


async def main():
    generator = numbers()
    print(await anext(generator))
    print(await anext(generator))
    await generator.aclose()


run(main)
