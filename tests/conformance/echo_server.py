"""A server that answers what it hears."""

import asyncio

import virtual_network
from virtual_loop import run


async def echo(reader, writer):
    while line := await reader.readline():
        print("server hears", line.decode().strip())
        writer.write(line)
        await writer.drain()
    writer.close()
    await writer.wait_closed()


async def talk(name, address):
    reader, writer = await asyncio.open_connection("echo.example", 7, local_addr=(address, 0))
    for i in (1, 2):
        writer.write(f"{name} {i}\n".encode())
        await writer.drain()
        line = await reader.readline()
        print(name, "hears", line.decode().strip())
    writer.close()
    await writer.wait_closed()


async def main():
    virtual_network.host("echo.example", "192.0.2.7")
    server = await asyncio.start_server(echo, "192.0.2.7", 7)
    talks = []
    for i, (name, latency_ms) in enumerate({"near": 5, "far": 40, "farther": 90}.items(), 1):
        address = f"198.51.100.{i}"
        virtual_network.host(name, address)
        virtual_network.link("echo.example", name, latency_ms)
        talks.append(asyncio.create_task(talk(name, address), name=name))
    await asyncio.gather(*talks)
    server.close()
    await server.wait_closed()
    print("closed")


run(main)
