"""Subprocesses and files on the virtual clock: asyncio's own transports on processes of ours.

A program is a function of a Child; it runs as a virtual thread.  The rules are those of
sim/io/machine.c.
"""

import asyncio.base_subprocess
import asyncio.unix_events
import errno
import os
import signal
import stat
import subprocess
import types

from virtual_network import NS, Channel

machine = None
programs = {}
files = {}
disk_ns = 0


class End:
    """The loop's end of a pipe."""

    def __init__(self, kernel, channel, reads):
        self.kernel = kernel
        self.channel = channel
        self.reads = reads
        self.number = kernel.descriptors.new(self)
        if reads:
            channel.on_reader_change = self.update
        else:
            channel.on_writer_change = self.update
        self.update()

    def update(self):
        readable = self.channel.readable() if self.reads else self.channel.broken
        writable = not self.reads and self.channel.writable()
        self.kernel.descriptors.set_ready(self.number, readable, writable)

    def fileno(self):
        return self.number

    def close(self):
        self.kernel.descriptors.close(self.number)
        if self.reads:
            self.channel.close_reader()
        else:
            self.channel.end()


class Killed(BaseException):
    pass


class Child:
    """A process as it sees itself."""

    def __init__(self, args):
        self.args = args
        self.input = None
        self.output = {1: None, 2: None}  # channel, "print" or None
        self.lines = {1: b"", 2: b""}
        self.over = b""

    def read(self, size):
        if self.over:
            data, self.over = self.over[:size], self.over[size:]
            return data
        if self.input is None:
            return b""
        while not self.input.readable():
            self.input.wait()
        return self.input.read(size)

    def read_line(self):
        data = b""
        while b"\n" not in data:
            more = self.read(4096)
            if not more:
                return data
            data += more
        line, end, self.over = data.partition(b"\n")
        return line + end

    def write(self, data, fd=1):
        if isinstance(data, str):
            data = data.encode()
        target = self.output[fd]
        if isinstance(target, Channel):
            while data:
                while not target.writable():
                    target.wait()
                data = data[target.write(data) :]
        elif target == "print":
            *lines, self.lines[fd] = (self.lines[fd] + data).split(b"\n")
            for line in lines:
                print(line.decode())

    def flush(self):
        for fd in (1, 2):
            if self.lines[fd]:
                print(self.lines[fd].decode())
                self.lines[fd] = b""

    def sleep(self, seconds):
        machine.sleep(seconds)

    def close(self):
        if self.input is not None:
            self.input.close_reader()
        for channel in self.output.values():
            if isinstance(channel, Channel):
                channel.end()


class Process:
    """What runs a child; its number is a descriptor, too."""

    def __init__(self, child, pid):
        self.child = child
        self.pid = pid
        self.status = None
        self.descriptor = None
        self.waiting = None

        def run():
            code = run_program(child) & 0xFF
            child.flush()
            self.end(code << 8)

        self.thread = machine.start(run)

    def end(self, status):
        if self.status is not None:
            return
        self.status = status
        self.child.close()
        if self.waiting is not None:
            machine.wake(self.waiting)
        if self.descriptor is not None:
            machine.kernel.descriptors.set_ready(self.descriptor, True, False)

    def kill(self, number):
        if self.status is None:
            self.thread.done = True
            self.end(number)


def run_program(child):
    program = programs.get(child.args[0])
    if program is None:
        child.write(f"sh: 1: {child.args[0]}: not found\n", 2)
        return 127
    return program(child) or 0


processes = {}


class Popen:
    def __init__(self, args, shell=False, stdin=None, stdout=None, stderr=None, **kwargs):
        if shell:
            args = ["sh", "-c", args]
        elif args[0] not in programs:
            raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), args[0])
        child = Child(list(args))
        kernel = machine.kernel
        self.stdin = self.stdout = self.stderr = None
        if stdin == subprocess.PIPE:
            child.input = Channel(kernel)
            self.stdin = End(kernel, child.input, False)
        for fd, option, name in ((1, stdout, "stdout"), (2, stderr, "stderr")):
            if option == subprocess.PIPE:
                child.output[fd] = Channel(kernel)
                setattr(self, name, End(kernel, child.output[fd], True))
            elif option == subprocess.STDOUT:
                child.output[fd] = child.output[1]
            elif option is None:
                child.output[fd] = "print"
        self.pid = 1001 + len(processes)
        self.returncode = None
        self.process = processes[self.pid] = Process(child, self.pid)

    def poll(self):
        status = self.process.status
        return None if status is None else os.waitstatus_to_exitcode(status)

    def kill(self):
        self.process.kill(signal.SIGKILL)


def end_of(number):
    return machine.kernel.descriptors.open[number]


def virtual_kill(pid, number):
    processes[pid].kill(number)


def virtual_pidfd_open(pid, flags=0):
    process = processes.get(pid)
    if process is None:  # asyncio asks whether there are such descriptors at all
        return os.open(os.devnull, os.O_RDONLY)
    process.descriptor = machine.kernel.descriptors.new(process)
    if process.status is not None:
        machine.kernel.descriptors.set_ready(process.descriptor, True, False)
    return process.descriptor


def virtual_close(number):
    if number in machine.kernel.descriptors.open:
        machine.kernel.descriptors.close(number)
    else:
        os.close(number)


def proxy(module, **changes):
    """The module, but for what is changed."""
    copy = types.ModuleType(module.__name__)
    copy.__dict__.update(module.__dict__)
    copy.__dict__.update(changes)
    return copy


virtual_os = proxy(
    os,
    kill=virtual_kill,
    pidfd_open=virtual_pidfd_open,
    close=virtual_close,
    waitpid=lambda pid, options: (pid, processes[pid].status),
    read=lambda number, size: end_of(number).channel.read(size),
    write=lambda number, data: end_of(number).channel.write(data),
    fstat=lambda number: types.SimpleNamespace(st_mode=stat.S_IFIFO),
    set_blocking=lambda number, blocking: None,
)


# ---- The programs that every machine has. ----


def echo_main(child):
    child.write(" ".join(child.args[1:]) + "\n")


def cat_main(child):
    while data := child.read(64 * 1024):
        child.write(data)


def sleep_main(child):
    child.sleep(float(child.args[1]))


def ls_main(child):
    for name in sorted(files):
        if child.args[1:] == ["-l"]:
            child.write(f"{len(files[name]):8} {name}\n")
        else:
            child.write(f"{name}\n")


def split_command(command):
    """Words and operators; a word is a list, so that a quoted operator is none."""
    tokens = []
    at = 0
    while at < len(command):
        if command[at] in " \t":
            at += 1
        elif command[at : at + 2] in ("&&", "||"):
            tokens.append(command[at : at + 2])
            at += 2
        elif command[at] in "|;\n":
            tokens.append(command[at])
            at += 1
        else:
            word = ""
            quote = ""
            while at < len(command) and (quote or command[at] not in " \t\n;&|"):
                if command[at] == quote:
                    quote = ""
                elif not quote and command[at] in "'\"":
                    quote = command[at]
                else:
                    word += command[at]
                at += 1
            tokens.append([word])
    return tokens


def run_stage(child):
    code = run_program(child)
    child.flush()
    return code


def run_pipeline(shell, stages):
    input = shell.input
    done = []
    for i, args in enumerate(stages):
        child = Child(args)
        child.input = input
        child.output = dict(shell.output)
        if i == len(stages) - 1:
            code = run_stage(child)
            if i > 0:
                input.close_reader()
            break
        child.output[1] = input = Channel(machine.kernel)
        done.append([False, None])

        def run(child=child, state=done[-1]):
            run_stage(child)
            child.output[1].end()
            if child.input is not None:
                child.input.close_reader()
            state[0] = True
            if state[1] is not None:
                machine.wake(state[1])

        machine.start(run)
    for state in done:
        if not state[0]:
            state[1] = machine.current
            machine.block()
    return code


def sh_main(child):
    code = 0
    before = ";"
    stages = [[]]
    for token in [*split_command(child.args[2]), "end"]:
        if isinstance(token, list):
            stages[-1] += token
        elif token == "|":
            stages.append([])
        else:
            skip = (before == "&&" and code != 0) or (before == "||" and code == 0)
            if stages[0] and not skip:
                code = run_pipeline(child, stages)
            before = token
            stages = [[]]
    return code


def make_processes_virtual(the_machine):
    """Give the program of this machine processes and files.  Returns what undoes that."""
    global machine, disk_ns
    machine = the_machine
    disk_ns = 0
    programs.clear()
    processes.clear()
    files.clear()
    programs.update(
        cat=cat_main,
        echo=echo_main,
        false=lambda child: 1,
        ls=ls_main,
        sh=sh_main,
        sleep=sleep_main,
        true=lambda child: 0,
    )
    asyncio.unix_events.os = asyncio.base_subprocess.os = virtual_os
    asyncio.unix_events.subprocess = proxy(subprocess, Popen=Popen)

    def undo():
        asyncio.unix_events.os = asyncio.base_subprocess.os = os
        asyncio.unix_events.subprocess = subprocess

    return undo


def finish():
    """The program has ended; what it has started goes on to its own end."""
    left = [process for process in processes.values() if process.status is None]
    for process in left:
        if process.child.input is not None:
            process.child.input.end()
        for channel in process.child.output.values():
            if isinstance(channel, Channel):
                channel.close_reader()
    for process in left:
        while process.status is None:
            process.waiting = machine.current
            machine.block()


# ---- For twins. ----


def program(name, main):
    programs[name] = main


def disk_latency(latency_ms):
    global disk_ns
    disk_ns = round(latency_ms * 1_000_000)


def create_file(name, text):
    files[name] = text


class File:
    """An open file, in text."""

    def __init__(self, name, mode):
        self._work()
        if mode == "r" and name not in files:
            raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), name)
        files.setdefault(name, "")
        if mode == "w":
            files[name] = ""
        self.name = name
        self.mode = mode
        self.place = 0
        self.closed = False

    def _work(self):
        if disk_ns > 0:
            machine.sleep(disk_ns / NS)

    def _take(self, size):
        text = files[self.name][self.place : self.place + size]
        self.place += size
        return text

    def read(self, size):
        self._work()
        return self._take(size)

    def read_line(self):
        self._work()
        rest = files[self.name][self.place :]
        line, end, _ = rest.partition("\n")
        return self._take(len(line + end))

    def write(self, text):
        self._work()
        content = files[self.name]
        if self.mode == "a":
            self.place = len(content)
        content = content[: self.place] + text + content[self.place + len(text) :]
        files[self.name] = content
        self.place += len(text)

    def close(self):
        if not self.closed:
            self._work()
            self.closed = True
