"""Run every measurement and print one table, with goals beside results.   table.py BUILD"""

import os
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(os.path.dirname(HERE), "tests", "conformance"))

import pythons


def measure(command):
    """What a program measured, by key."""
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True)
    if done.returncode != 0:
        sys.exit(f"bench: {command[0]} failed with status {done.returncode}")
    return dict(line.split("\t") for line in done.stdout.splitlines())


class Table:
    def __init__(self):
        self.rows = []
        self.missed = 0

    def add(self, what, result="", goal="", met=None):
        verdict = "" if met is None else ("met" if met else "MISSED")
        self.missed += met is False
        self.rows.append((what, result, goal, verdict))

    def print(self):
        rows = [("", "result", "goal", "")] + self.rows
        widths = [max(len(row[i]) for row in rows) for i in range(3)]
        for row in rows:
            what, result, goal, verdict = row
            print(
                f"{what:<{widths[0]}}  {result:>{widths[1]}}  {goal:<{widths[2]}}  {verdict}".rstrip()
            )


def add_switch(table, results):
    own = results["switch_fiber_ns"]
    table.add("fiber round trip", f"{own:.1f} ns")
    table.add("  swapcontext", f"{results['switch_swapcontext_ns']:.1f} ns")
    if "switch_boost_ns" in results:
        boost = results["switch_boost_ns"]
        table.add("  Boost.Context", f"{boost:.1f} ns")
        ratio = own / boost
        table.add("  ours to Boost.Context", f"{ratio:.2f}x", "at most 1.2x", ratio <= 1.2)


def add_counter(table, results, version):
    python = results["counter_python_s"]
    table.add("counter_race, 100,000 tasks")
    table.add(f"  CPython {version}", f"{python * 1e3:.0f} ms")
    for name, key, goal in [
        ("nobody watching", "counter_untraced_s", 50),
        ("recorded", "counter_traced_s", 20),
        ("recorded and examined", "counter_examined_s", None),
    ]:
        seconds = results[key]
        ratio = python / seconds
        text = f"{seconds * 1e3:.1f} ms, {ratio:.0f}x"
        if goal:
            table.add(f"  {name}", text, f"at least {goal}x", ratio >= goal)
        else:
            table.add(f"  {name}", text)


def add_asyncio(table, results):
    for name, key in [
        ("a lock handed over 100,000 times", "lock"),
        ("200,000 items through two queues", "queue"),
        ("gather of 100,000 tasks", "gather"),
        ("task groups, 6 deep, of 6 tasks each", "groups"),
        ("100,000 time-outs set and cancelled", "timeouts"),
        ("100,000 sleeping tasks cancelled", "cancel_time"),
    ]:
        python, own = results[key + "_python_s"], results[key + "_s"]
        text = f"{own * 1e3:.1f} ms, {python / own:.0f}x"
        table.add(f"{name} (CPython {python * 1e3:.0f} ms)", text, "at least 30x", python / own >= 30)
    for name, key in [("sleeping", "cancel_time"), ("waiting for a lock", "cancel_lock")]:
        many, few = results[key + "_s"] / 100_000, results[key + "_small_s"] / 25_000
        table.add(
            f"cancelling a task {name}, one of 100,000 (of 25,000)",
            f"{many * 1e9:.0f} ns ({few * 1e9:.0f} ns)",
            "at most 2x",
            many <= 2 * few,
        )


def add_search(table, results, key, what, goal):
    """The median of rounds is held against the goal; the best tells of quiet moments."""
    speed, best = results[f"{key}_per_s"], results[f"{key}_best_per_s"]
    table.add(what, f"{speed:,.0f}/s (best {best:,.0f})", f"at least {goal:,}/s", speed >= goal)


def add_explore(table, results):
    """Goals are in executions a second; so is what Relacy reaches, where it has the same program."""
    for name, key, goal, relacy in [
        ("counter_race_threads", "explore_counter", 200_000, None),
        ("deadlock_abba_threads", "explore_abba", 200_000, None),
        ("two threads, two read-modify-writes each", "explore_updates", 3_000_000, 2_050_000),
        ("two threads, two mutexes, two rounds", "explore_locks", 1_200_000, 800_000),
        ("bounded buffer, three items", "explore_buffer", 800_000, 500_000),
    ]:
        for how in ["all", "random"]:
            count = results[f"{key}_{how}_count"]
            what = f"explore {name}, {how} ({count:.0f} executions)"
            add_search(table, results, f"{key}_{how}", what, goal)
        if relacy:
            table.add("  Relacy, on such a machine", f"{relacy:,}/s")


def add_dpor(table, results):
    """Every one of its executions is complete, and no two are equivalent."""
    for name, key in [
        ("readers, 13", "readers"),
        ("writers and a reader, 6", "writers"),
        ("last zero, 11", "last_zero"),
        ("circular buffer, 7", "circular"),
        ("fib_bench, 4", "fib"),
        ("fib_bench joined, 5", "fib_joined"),
        ("two threads, four plain additions each", "counter"),
        ("three threads, three atomic additions each", "atomic"),
    ]:
        count = results[f"dpor_{key}_count"]
        what = f"optimal DPOR, {name} ({count:,.0f} traces)"
        add_search(table, results, f"dpor_{key}", what, 200_000)
    table.add("  Nidhugg (optimal), on such a machine", "2,700/s to 19,000/s")
    early, late = results["dpor_memory_early"], results["dpor_memory_late"]
    table.add(
        "  pieces of memory after 1,000 and after 1,048,576 executions",
        f"{early:.0f} and {late:.0f}",
        "at most 2x",
        late <= 2 * early,
    )


def add_png(table, results):
    events = results["png_events"]
    seconds = results["png_s"]
    table.add(f"PNG of 10,000 tasks, {events:,.0f} events", f"{seconds:.2f} s", "1 s", seconds <= 1)
    table.add("  its trace written", f"{results['trace_write_s']:.2f} s")
    table.add("  its trace read", f"{results['trace_read_s']:.2f} s")


def add_window(table, results):
    """The worst of some sixty frames of each gesture, drawn without a screen."""
    for program, name in [("tasks", "10,000 tasks"), ("threads", "two threads")]:
        if f"window_{program}_open_s" not in results:
            table.add(f"window on {name}: not built")
            continue
        events = results[f"window_{program}_events"]
        seconds = results[f"window_{program}_open_s"]
        table.add(
            f"window on {name}, {events:,.0f} events, opened",
            f"{seconds:.2f} s",
            "at most 2 s",
            seconds <= 2,
        )
        table.add("  of that, its trace read", f"{results[f'window_{program}_read_s']:.2f} s")
        for gesture, key in [
            ("zoom in with the wheel", "zoom_in"),
            ("zoom out", "zoom_out"),
            ("pan by drag", "pan"),
            ("scroll by pages", "scroll"),
            ("from end to end", "ends"),
            ("steps back", "step_back"),
            ("select", "select"),
            ("drag on the map", "map"),
            ("zoom in, 1920x1080", "large"),
            ("the same, lowest lanes", "dense"),
        ]:
            worst = results[f"window_{program}_{key}_worst_ms"]
            text = f"{results[f'window_{program}_{key}_ms']:.1f} ms, worst {worst:.1f} ms"
            table.add(f"  {gesture}", text, "at most 16 ms", worst <= 16)


def main():
    programs = os.path.join(sys.argv[1], "bench")
    python = pythons.find_python() or sys.executable
    table = Table()
    results = {}
    for name in ["switch", "counter", "asyncio", "explore", "dpor", "png", "memory"]:
        print(f"measuring: {name}", file=sys.stderr)
        folder = [programs] if name == "png" else []
        results |= measure([os.path.join(programs, f"bench_{name}")] + folder)
    window = os.path.join(programs, "bench_window")
    if os.path.exists(window):
        print("measuring: window", file=sys.stderr)
        results |= measure([window, programs])
    print("measuring: CPython", file=sys.stderr)
    for name in ["counter_race.py", "asyncio_speed.py"]:
        results |= measure([python, os.path.join(HERE, name)])
    version = results.pop("python_version")
    results = {key: float(value) for key, value in results.items()}
    add_switch(table, results)
    add_counter(table, results, version)
    add_asyncio(table, results)
    add_explore(table, results)
    add_dpor(table, results)
    add_png(table, results)
    add_window(table, results)
    memory = results["memory_mib"]
    table.add("peak memory, 100,000 suspended tasks", f"{memory:.0f} MiB", "1024 MiB", memory < 1024)
    table.print()
    print("every goal met" if not table.missed else f"goals missed: {table.missed}")


main()
