"""Names of addresses, one after another."""

import asyncio

import virtual_network
from virtual_loop import run

SERVERS = {
    "8.8.8.8": "dns.google",
    "1.1.1.1": "one.one.one.one",
    "8.8.4.4": "dns.google",
    "77.88.8.8": "dns.yandex.ru",
    "77.88.8.88": "safe.dns.yandex.ru",
    "77.88.8.7": "family.dns.yandex.ru",
}


async def main():
    for address, name in SERVERS.items():
        virtual_network.host(name, address)
    virtual_network.lookup_latency(20)
    loop = asyncio.get_running_loop()
    for address in SERVERS:
        name, _ = await loop.getnameinfo((address, 443))
        print(f"{address:15}: {name}")


run(main)
