"""Sockets on the virtual clock: asyncio's own transports and streams, on a kernel that is ours.

What is below here replaces socket.socket, getaddrinfo and getnameinfo.  Bytes take the shortest
latency of the link between two hosts; the rules of the kernel are those of sim/io/socket.c.
"""

import errno
import itertools
import selectors
import socket

NS = 1_000_000_000
WINDOW = 64 * 1024
FIRST_FD = 1_000_000
real_socket = socket.socket


class Alarms:
    """What happens at a time, whatever threads do."""

    def __init__(self, machine):
        self.machine = machine
        self.alarms = []
        self.order = itertools.count()

    def at(self, when_ns, fn, *args):
        self.alarms.append((when_ns, next(self.order), fn, args))

    def first(self):
        return min(alarm[0] for alarm in self.alarms) if self.alarms else None

    def ring(self):
        while True:
            due = [alarm for alarm in self.alarms if alarm[0] <= self.machine.now_ns]
            if not due:
                return
            alarm = min(due, key=lambda each: each[:2])
            self.alarms.remove(alarm)
            alarm[2](*alarm[3])


class Descriptors:
    """What selectors watch: number to what it is ready for, and which came first."""

    def __init__(self):
        self.numbers = itertools.count(FIRST_FD)
        self.open = {}
        self.selectors = []

    def new(self, thing):
        number = next(self.numbers)
        self.open[number] = thing
        thing.ready = 0
        return number

    def set_ready(self, number, readable, writable):
        thing = self.open.get(number)
        if thing is None:
            return
        thing.ready = selectors.EVENT_READ * readable | selectors.EVENT_WRITE * writable
        for selector in self.selectors:
            selector.update(number)

    def close(self, number):
        self.open.pop(number, None)
        for selector in self.selectors:
            selector.update(number)


class Channel:
    """Bytes on their way in one direction.  As sim/io/channel.c."""

    def __init__(self, kernel, capacity=WINDOW):
        self.kernel = kernel
        self.capacity = capacity
        self.arrived = bytearray()
        self.used = 0
        self.latest = {"forth": 0, "back": 0}
        self.underway = {"forth": 0, "back": 0}
        self.ended = self.eof = self.reset = self.reader_closed = self.broken = False
        self.on_reader_change = self.on_writer_change = lambda: None
        self.on_late = None
        self.threads = []

    def _tell(self, way):
        for thread in self.threads:
            self.kernel.machine.wake(thread)
        self.threads = []
        if way == "forth":
            self.on_reader_change()
        else:
            self.on_writer_change()

    def _arrive(self, way, what, data):
        if what == "bytes":
            if not self.reader_closed:
                self.arrived += data
            elif self.on_late is not None:
                self.on_late()
        elif what == "end":
            self.eof = True
        elif what == "reset":
            self.arrived.clear()
            self.reset = True
        elif what == "room":
            self.used -= data
        else:
            self.broken = True

    def _launch(self, way, what, data, latency_ns):
        now = self.kernel.machine.now_ns
        when = max(now + latency_ns, self.latest[way])
        self.latest[way] = when
        if when == now and self.underway[way] == 0:
            self._arrive(way, what, data)
            self._tell(way)
            return
        self.underway[way] += 1

        def arrive():
            self.underway[way] -= 1
            self._arrive(way, what, data)
            self._tell(way)

        self.kernel.alarms.at(when, arrive)

    def readable(self):
        return bool(self.arrived) or self.eof or self.reset

    def writable(self):
        return self.used < self.capacity or self.broken

    def write(self, data, latency_ns=0):
        if self.broken:
            raise BrokenPipeError(errno.EPIPE, "Broken pipe")
        room = self.capacity - self.used
        if room == 0:
            raise BlockingIOError(errno.EAGAIN, "again")
        data = bytes(data[:room])
        self.used += len(data)
        self._launch("forth", "bytes", data, latency_ns)
        self.on_writer_change()
        return len(data)

    def end(self, latency_ns=0):
        if not self.ended:
            self.ended = True
            self._launch("forth", "end", None, latency_ns)

    def send_reset(self, latency_ns):
        self.ended = True
        self._launch("forth", "reset", None, latency_ns)

    def read(self, size, latency_ns=0):
        if not self.arrived:
            if self.eof or self.reset:
                return b""
            raise BlockingIOError(errno.EAGAIN, "again")
        data = bytes(self.arrived[:size])
        del self.arrived[:size]
        self._launch("back", "room", len(data), latency_ns)
        self.on_reader_change()
        return data

    def close_reader(self, on_late=None):
        if self.reader_closed:
            return
        self.reader_closed = True
        self.on_late = on_late
        self.arrived.clear()
        if on_late is None:
            self._launch("back", "reader closed", None, 0)

    def wait(self):
        self.threads.append(self.kernel.machine.current)
        self.kernel.machine.block()


class Link:
    def __init__(self, latency_ns=0, window=WINDOW):
        self.latency_ns = latency_ns
        self.window = window


class Socket:
    """As far as asyncio needs one."""

    type = socket.SOCK_STREAM
    proto = 0

    def __init__(self, kernel, family=socket.AF_INET, address="127.0.0.1"):
        self.kernel = kernel
        self.family = family
        self.local = (address, 0)
        self.remote = None
        self.state = "new"
        self.error = 0
        self.incoming = self.outgoing = None
        self.accepted = []
        self.queued = 0
        self.number = kernel.descriptors.new(self)
        self.closed = False

    def fileno(self):
        return -1 if self.closed else self.number

    def setblocking(self, flag):
        pass

    def gettimeout(self):
        return 0

    def setsockopt(self, *args):
        pass

    def getsockopt(self, level, option):
        error, self.error = self.error, 0
        return error

    def getsockname(self):
        return self.local

    def getpeername(self):
        return self.remote

    def update(self):
        if self.closed:
            return
        readable = writable = False
        if self.state == "listening":
            readable = bool(self.accepted)
        elif self.state == "connecting":
            readable = writable = self.error != 0
        elif self.state == "connected":
            readable = self.incoming.readable() or self.error != 0
            writable = self.outgoing.writable() or self.error != 0
        self.kernel.descriptors.set_ready(self.number, readable, writable)

    def bind(self, address):
        host, port = address
        self.local = (host, port or self.kernel.any_port(host))
        if port and any(each.local == self.local for each in self.kernel.listeners):
            raise OSError(errno.EADDRINUSE, "Address already in use")

    def listen(self, backlog):
        self.state = "listening"
        self.backlog = backlog
        self.kernel.listeners.append(self)

    def accept(self):
        if not self.accepted:
            raise BlockingIOError(errno.EAGAIN, "again")
        client = self.accepted.pop(0)
        self.queued -= 1
        self.update()
        return client, client.remote

    def connect(self, address):
        self.state = "connecting"
        self.remote = address
        if self.local[1] == 0:
            self.local = (self.local[0], self.kernel.any_port(self.local[0]))
        self.link = self.kernel.link(self.local[0], address[0])
        self._stage(0, [self._on_syn, self._on_answer, self._on_acknowledged], {})
        raise BlockingIOError(errno.EINPROGRESS, "in progress")

    def _stage(self, index, stages, handshake):
        if index == len(stages):
            return

        def arrive():
            stages[index](handshake)
            self._stage(index + 1, stages, handshake)

        if self.link.latency_ns == 0:
            arrive()
        else:
            self.kernel.alarms.at(self.kernel.machine.now_ns + self.link.latency_ns, arrive)

    def _on_syn(self, handshake):
        for listener in self.kernel.listeners:
            if listener.local == self.remote and listener.queued < listener.backlog:
                break
        else:
            return
        listener.queued += 1
        server = Socket(self.kernel, self.family)
        server.local, server.remote = listener.local, self.local
        server.link = self.link
        server.state = "connected"
        there = Channel(self.kernel, self.link.window)
        back = Channel(self.kernel, self.link.window)
        self.outgoing = server.incoming = there
        self.incoming = server.outgoing = back
        back.on_reader_change = self._on_input
        there.on_writer_change = self.update
        there.on_reader_change = server._on_input
        back.on_writer_change = server.update
        handshake["listener"], handshake["server"] = listener, server

    def _on_answer(self, handshake):
        if self.closed:
            return
        if "server" not in handshake:
            known = any(self.remote[0] == address for _, address in self.kernel.hosts)
            self.error = errno.ECONNREFUSED if known else errno.EHOSTUNREACH
        else:
            self.state = "connected"
            self.outgoing.latest["forth"] = self.kernel.machine.now_ns + self.link.latency_ns
        self.update()

    def _on_acknowledged(self, handshake):
        server = handshake.get("server")
        if server is None:
            return
        listener = handshake["listener"]
        if listener.closed:
            server.closed = True
            server.incoming.close_reader(server._on_late)
            server.outgoing.send_reset(server.link.latency_ns)
            return
        listener.accepted.append(server)
        listener.update()

    def _on_input(self):
        if self.incoming.reset and not self.outgoing.broken:
            self.error = errno.EPIPE if self.incoming.eof else errno.ECONNRESET
            self.outgoing.broken = True
        self.update()

    def _on_late(self):
        self.outgoing.send_reset(self.link.latency_ns)

    def _raise(self, error):
        words = {errno.ECONNRESET: "Connection reset by peer", errno.EPIPE: "Broken pipe"}
        raise OSError(error, words[error])

    def recv(self, size):
        if self.error and not self.incoming.eof:
            error, self.error = self.error, 0
            self.update()
            self._raise(error)
        return self.incoming.read(size, self.link.latency_ns)

    def send(self, data):
        if self.error:
            error, self.error = self.error, 0
            self._raise(error)
        if self.outgoing.broken or self.outgoing.ended:
            self._raise(errno.EPIPE)
        return self.outgoing.write(data, self.link.latency_ns)

    def sendmsg(self, buffers):
        return self.send(b"".join(bytes(buffer) for buffer in buffers))

    def shutdown(self, how):
        if self.outgoing is not None and not self.outgoing.broken:
            self.outgoing.end(self.link.latency_ns)

    def close(self):
        if self.closed:
            return
        self.closed = True
        self.kernel.descriptors.close(self.number)
        if self.state == "listening":
            self.kernel.listeners.remove(self)
            while self.accepted:
                self.accept()[0].close()
        if self.state != "connected":
            return
        unread = bool(self.incoming.arrived)
        self.incoming.close_reader(self._on_late)
        if unread and not self.outgoing.broken:
            self.outgoing.send_reset(self.link.latency_ns)
        else:
            self.shutdown(socket.SHUT_WR)


class Kernel:
    """The network of a program."""

    def __init__(self, machine):
        self.machine = machine
        self.alarms = Alarms(machine)
        self.descriptors = Descriptors()
        self.listeners = []
        self.hosts = [("localhost", "127.0.0.1")]
        self.links = {}
        self.ports = {}
        self.lookup_ns = 0

    def any_port(self, address):
        port = self.ports.get(address, 49152)
        self.ports[address] = port + 1
        return port

    def link(self, a, b):
        return self.links.get(frozenset((a, b)), Link())

    def socket(self, family=-1, type=-1, proto=-1, fileno=None):
        if fileno is not None:
            return real_socket(family, type, proto, fileno)
        return Socket(self, socket.AF_INET)

    def getaddrinfo(self, host, port, family=0, type=0, proto=0, flags=0):
        self._look_up()
        address = self.address_of(host)
        if address is None:
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        return [(socket.AF_INET, socket.SOCK_STREAM, 0, "", (address, port))]

    def address_of(self, host):
        return next((address for name, address in self.hosts if name == host), None)

    def getnameinfo(self, sockaddr, flags=0):
        self._look_up()
        for name, address in self.hosts:
            if address == sockaddr[0]:
                return name, str(sockaddr[1])
        return sockaddr[0], str(sockaddr[1])

    def _look_up(self):
        if self.lookup_ns > 0:
            self.machine.sleep(self.lookup_ns / NS)


kernel = None


def make_network_virtual(machine):
    """Give the program of this machine a network of its own.  Returns what undoes that."""
    global kernel
    kernel = machine.kernel = Kernel(machine)
    names = ("socket", "getaddrinfo", "getnameinfo")
    real = {name: getattr(socket, name) for name in names}
    for name in names:
        setattr(socket, name, getattr(kernel, name))

    def undo():
        for name, value in real.items():
            setattr(socket, name, value)

    return undo


# ---- For twins. ----


def host(name, address):
    kernel.hosts.append((name, address))


def link(a, b, latency_ms=0, window=WINDOW):
    addresses = frozenset(kernel.address_of(each) or each for each in (a, b))
    kernel.links[addresses] = Link(round(latency_ms * 1_000_000), window)


def lookup_latency(latency_ms):
    kernel.lookup_ns = round(latency_ms * 1_000_000)
