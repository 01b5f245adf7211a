"""Check DIR/*.chrome, LEAST at least, each against DIR/*.trace.   chrome.py DIR LEAST"""
import collections
import decimal
import glob
import json
import os
import sys

STATES = {"created", "ready", "running", "awaiting", "blocked"}


def is_state(e):
    return e["cat"] == "state"


def read_trace(path):
    """The lines of a trace, by their first word."""
    lines = collections.defaultdict(list)
    with open(path, encoding="utf-8", errors="replace") as file:
        for line in file:
            word, _, rest = line.rstrip("\n").partition(" ")
            lines[word].append(rest)
    return lines


def check_tracks(events, slices):
    named = {(e["pid"], e["tid"]) for e in events if e["name"] == "thread_name"}
    groups = {e["pid"] for e in events if e["name"] == "process_name"}
    for track in {(e["pid"], e["tid"]) for e in slices}:
        assert track in named, f"track {track} has no name"
        assert track[0] in groups, f"group {track[0]} has no name"
    assert len(named) == len({tid for _, tid in named}), "a track is in two groups"
    assert 0 not in {e.get("tid") for e in events}, "Perfetto takes track 0 for another"


def check_slices(slices):
    """States follow each other without overlap; an operation lies within one or beside all."""
    tracks = collections.defaultdict(list)
    for e in slices:
        assert e["dur"] > 0, e
        assert e["cat"] in ("held", "end") or e["ts"] * 1000 >= e["args"]["virtual_time_ns"], e
        assert not is_state(e) or e["name"] in STATES, e
        tracks[e["pid"], e["tid"]].append(e)
    for track in tracks.values():
        states = [e for e in track if is_state(e)]
        assert all(a["ts"] + a["dur"] <= b["ts"] for a, b in zip(states, states[1:])), "overlap"
        open_until = []
        for e in sorted(track, key=lambda e: (e["ts"], -e["dur"])):
            while open_until and open_until[-1] <= e["ts"]:
                open_until.pop()
            assert not open_until or e["ts"] + e["dur"] <= open_until[-1], f"does not nest: {e}"
            open_until.append(e["ts"] + e["dur"])
    return tracks


def check_flows(events, tracks):
    flows = collections.defaultdict(list)
    for e in events:
        if e["ph"] in "sf":
            flows[e["cat"], e["id"]].append(e)
            assert any(s["ts"] == e["ts"] for s in tracks[e["pid"], e["tid"]]), (
                f"an arrow ends where nothing begins: {e}")
    for ends in flows.values():
        assert [e["ph"] for e in ends] == ["s", "f"] and ends[0]["ts"] < ends[1]["ts"], ends
        assert ends[1]["bp"] == "e"
    return flows


def check(path):
    with open(path, encoding="utf-8") as file:
        document = json.load(file, parse_float=decimal.Decimal)
    events = document["traceEvents"]
    trace = read_trace(path.removesuffix("chrome") + "trace")
    slices = [e for e in events if e["ph"] == "X"]
    check_tracks(events, slices)
    flows = check_flows(events, check_slices(slices))
    assert document["otherData"]["program"] == trace["program"][0]
    kinds = collections.Counter(line.split()[2] for line in trace["e"])
    spawned = sum(1 for kind, _ in flows if kind == "spawn")
    assert spawned <= kinds["spawn"], f"{spawned} starts of {kinds['spawn']}"
    found = [e["args"]["sentence"] for e in events if e.get("cat") == "finding"]
    assert found == [line.split(" ", 4)[4] for line in trace["f"]], found
    steps = [e["name"].split(". ", 1)[1] for e in events if e.get("cat") == "story"]
    assert steps == [line.split(" ", 4)[4] for line in trace["n"]], steps
    held = sum(1 for e in slices if e["cat"] == "held")
    assert held <= kinds["acquire"], f"{held} holds, {kinds['acquire']} acquired"
    return events


def check_deadlock(events):
    """Of deadlock_abba everything is known: who waits for what, and who woke whom."""
    names = {e["args"]["name"]: e["tid"] for e in events if e["name"] == "thread_name"}
    groups = [e["args"]["name"] for e in events if e["name"] == "process_name"]
    assert "loop of MainThread" in groups, groups
    for name, lock, holder in (("A to B", "B", "B to A"), ("B to A", "A", "A to B")):
        waits = f"waits for lock {lock}, held by {holder}"
        last = [e for e in events if e["ph"] == "X" and e["tid"] == names[name]]
        assert [e for e in last if is_state(e)][-1]["name"] == "blocked", last
        assert [e for e in last if e["cat"] == "wait"][-1]["name"] == waits, last
    held = [(e["name"], e["tid"]) for e in events if e.get("cat") == "held"]
    assert sorted(held) == [("held by A to B", names["lock A"]),
                            ("held by B to A", names["lock B"])], held
    assert [e["name"] for e in events if e.get("cat") == "finding"] == ["DEADLOCK"]


def check_clock(events):
    """Where virtual time moves, the clock shows it: condition_wait_for ends after 15 seconds."""
    last = max(e["ts"] for e in events if "ts" in e)
    assert 15_000_000 <= last < 15_001_000, last


def main():
    paths = sorted(glob.glob(os.path.join(sys.argv[1], "*.chrome")))
    least = int(sys.argv[2])
    assert len(paths) >= least, paths
    wakes = 0
    for path in paths:
        try:
            events = check(path)
            wakes += sum(1 for e in events if e["ph"] == "s" and e["name"] == "wake")
            if path.endswith("/deadlock_abba.chrome"):
                check_deadlock(events)
            if path.endswith("/condition_wait_for.chrome"):
                check_clock(events)
        except (AssertionError, KeyError, ValueError) as error:
            sys.exit(f"{path}: {type(error).__name__}: {error}")
    assert wakes > 2 * least, wakes


main()
