"""Back-pressure, ends and resets: who waits for room, and who learns what."""

import asyncio

import virtual_network
from virtual_loop import outcome, run


async def flood(writer, name, pieces, size):
    for piece in range(pieces):
        writer.write(b"x" * size)
        kept = writer.transport.get_write_buffer_size()
        print(f"{name} wrote {piece}, {kept} kept")
        await writer.drain()
    print(f"{name} is through")


async def slow_sink(reader, writer):
    try:
        total = 0
        while data := await reader.read(30_000):
            total += len(data)
            print(f"sink has {total}")
            await asyncio.sleep(0.02)
        writer.write(b"%d" % total)
        await writer.drain()
    finally:
        writer.close()


async def no_reader(reader, writer):
    await asyncio.sleep(0.05)
    print("closes without reading")
    writer.close()
    print("server side:", await outcome(writer.wait_closed()))


async def early_end(reader, writer):
    writer.write(b"bye")
    writer.close()
    print("is closing:", writer.is_closing())
    print("drain:", await outcome(writer.drain()))
    print("drain again:", await outcome(writer.drain()))
    writer.write(b"dropped")


async def aborts(reader, writer):
    await reader.readexactly(1)
    writer.transport.abort()


async def pressure(limit):
    print("pressure")
    server = await asyncio.start_server(slow_sink, "far.example", 1, limit=limit)
    reader, writer = await asyncio.open_connection("far.example", 1)
    writer.transport.set_write_buffer_limits(100_000, 50_000)
    both = [flood(writer, "a", 6, 60_000), flood(writer, "b", 4, 40_000)]
    await asyncio.gather(*both)
    writer.write_eof()
    print("total:", (await reader.read()).decode())
    try:
        writer.write(b"more")
    except RuntimeError as error:
        print(error)
    writer.close()
    await writer.wait_closed()
    server.close()
    await server.wait_closed()


async def broken(what, serve, size):
    print(what)
    server = await asyncio.start_server(serve, "far.example", 2)
    reader, writer = await asyncio.open_connection("far.example", 2)
    for step in range(6):
        writer.write(b"x" * size)
        print(f"drain {step}:", await outcome(writer.drain()))
        await asyncio.sleep(0.03)
    print("read:", await outcome(reader.readexactly(100)))
    writer.close()
    print("wait_closed:", await outcome(writer.wait_closed()))
    server.close()
    await server.wait_closed()


async def main():
    virtual_network.host("far.example", "192.0.2.8")
    virtual_network.link("localhost", "far.example", 10, 50_000)
    await pressure(20_000)
    await broken("closed without reading", no_reader, 1000)
    await broken("closed at once", early_end, 10)
    await broken("aborted", aborts, 60_000)


run(main)
