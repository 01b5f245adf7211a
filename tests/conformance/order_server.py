"""The life of a server: when it serves, and who waits for its end."""

import asyncio

from virtual_loop import outcome, run, turns


async def hold(reader, writer):
    print("a client holds")
    print("held:", await outcome(reader.read()))


async def connect(server):
    return await asyncio.open_connection("127.0.0.1", server.sockets[0].getsockname()[1])


async def waiter(server, name):
    await server.wait_closed()
    print(f"{name}: closed")


async def main():
    server = await asyncio.start_server(hold, "127.0.0.1", 0, start_serving=False)
    print("idle:", server.is_serving())
    try:
        await asyncio.open_connection("127.0.0.1", 49152)
    except ConnectionRefusedError as error:
        print(type(error).__name__)
    beside = asyncio.create_task(turns(5))
    await server.start_serving()
    print("serving:", server.is_serving())
    await beside
    first = await connect(server)
    second = await connect(server)
    waiting = asyncio.create_task(waiter(server, "w"))
    await asyncio.sleep(0.01)
    server.close()
    server.close()
    print("closed:", server.is_serving())
    await asyncio.sleep(0.01)
    first[1].close()
    await asyncio.sleep(0.01)
    server.close_clients()
    beside = asyncio.create_task(turns(6))
    await waiting
    print("second hears:", await second[0].read())
    second[1].close()
    await beside
    await server.wait_closed()

    async with await asyncio.start_server(hold, "127.0.0.1", 0) as server:
        third = await connect(server)
        await asyncio.sleep(0.01)
        server.abort_clients()
    print("third hears:", await outcome(third[0].readexactly(1)))
    third[1].close()

    server = await asyncio.start_server(hold, "127.0.0.1", 0)
    forever = asyncio.create_task(server.serve_forever())
    await asyncio.sleep(0.01)
    print("twice:", (await outcome(server.serve_forever())).partition(":")[0])
    forever.cancel()
    print("cancelled:", await outcome(forever))
    print("over:", (await outcome(server.serve_forever())).partition(":")[0])
    server = await asyncio.start_server(hold, "127.0.0.1", 0)
    forever = asyncio.create_task(server.serve_forever())
    await asyncio.sleep(0.01)
    server.close()
    print("closed:", await outcome(forever))


run(main)
