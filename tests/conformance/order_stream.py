"""Connections: who runs when from the look-up to the last byte."""

import asyncio

import virtual_network
from virtual_loop import outcome, run, turns

clients = 0


async def serve(reader, writer):
    global clients
    clients += 1
    name = f"client {clients}"
    print(f"{name} from {writer.get_extra_info('peername')}")
    while line := await reader.readline():
        print(f"{name} says {line.decode().strip()}")
        if line == b"fail\n":
            raise ValueError("told to fail")
        writer.write(line.upper())
        await writer.drain()
    print(f"{name} is at its end")
    writer.close()
    await writer.wait_closed()
    print(f"{name} is gone")


async def talk(name, host, lines):
    reader, writer = await asyncio.open_connection(host, 7)
    print(f"{name} is connected to {writer.get_extra_info('peername')}")
    for line in lines:
        writer.write(line.encode() + b"\n")
        answer = await reader.readline()
        print(f"{name} hears {answer.decode().strip()}")
    writer.write_eof()
    rest = await reader.read()
    print(f"{name} has read {len(rest)} more")
    writer.close()
    await writer.wait_closed()
    print(f"{name} is closed")


async def main():
    virtual_network.host("echo.example", "192.0.2.7")
    virtual_network.link("localhost", "echo.example", 10)
    virtual_network.lookup_latency(5)
    server = await asyncio.start_server(serve, "echo.example", 7)
    print(f"serving: {server.is_serving()}")
    await asyncio.gather(
        talk("a", "echo.example", ["one", "two"]),
        talk("b", "192.0.2.7", ["three"]),
        turns(6),
    )
    print("fail:", await outcome(talk("c", "echo.example", ["four", "fail"])))
    server.close()
    print(f"serving: {server.is_serving()}")
    print("closed:", await outcome(talk("d", "echo.example", [])))
    print("unknown:", await outcome(talk("e", "nowhere.example", [])))
    print("nobody:", await outcome(talk("f", "192.0.2.99", [])))
    await server.wait_closed()
    server = await asyncio.start_server(serve, "localhost", 7)
    print("taken:", await outcome(asyncio.start_server(serve, "localhost", 7)))
    virtual_network.lookup_latency(0)
    beside = asyncio.create_task(turns(30))
    print("local:", await outcome(talk("g", "localhost", ["five"])))
    await beside
    connecting = asyncio.create_task(talk("h", "echo.example", []))
    await asyncio.sleep(0.012)
    connecting.cancel()
    print("cancelled:", await outcome(connecting))
    server.close()
    await server.wait_closed()


run(main)
