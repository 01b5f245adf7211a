"""The status lines of six sites."""

import asyncio

import virtual_network
from virtual_loop import run

SITES = {
    "www.google.com": ("200 OK", 10),
    "www.youtube.com": ("200 OK", 20),
    "www.baidu.com": ("200 OK", 120),
    "www.wikipedia.org": ("200 OK", 30),
    "yandex.ru": ("302 Moved temporarily", 40),
    "yahoo.com": ("301 Moved Permanently", 50),
}


def server(status):
    async def answer(reader, writer):
        await reader.readuntil(b"\r\n\r\n")
        writer.write(f"HTTP/1.1 {status}\r\n\r\n".encode())
        await writer.drain()
        writer.close()
        await writer.wait_closed()

    return answer


async def get_status(host):
    reader, writer = await asyncio.open_connection(host, 443)
    writer.write(f"GET / HTTP/1.1\r\nHost: {host}\r\n\r\n".encode())
    await writer.drain()
    line = await reader.readline()
    writer.close()
    return line.decode().strip()


async def main():
    virtual_network.lookup_latency(5)
    for number, (host, (status, latency_ms)) in enumerate(SITES.items(), 1):
        address = f"192.0.2.{number}"
        virtual_network.host(host, address)
        virtual_network.link("localhost", host, latency_ms)
        await asyncio.start_server(server(status), address, 443)
    tasks = [asyncio.create_task(get_status(host), name=host) for host in SITES]
    for host, status in zip(SITES, await asyncio.gather(*tasks)):
        print(f"{host:18} {status}")


run(main)
