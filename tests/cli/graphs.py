"""Check DIR/*.dot, DIR/*.mermaid and DIR/*.markdown, each against its trace.   graphs.py DIR LEAST"""
import glob
import os
import re
import sys

STRING = r'"(?:[^"\\\n]|\\["\\n])*"'
VALUE = rf'(?:{STRING}|[a-zA-Z0-9.]+)'
ATTRIBUTES = rf'\[\w+={VALUE}(?:, \w+={VALUE})*\]'
DOT = [rf'digraph {STRING} \{{', r'\}', r'rankdir=LR', rf'(?:graph|node|edge) {ATTRIBUTES}',
       r'subgraph cluster_\d+ \{', rf'(?:label|color)={STRING}',
       rf'(?P<node>[ns]\d+) {ATTRIBUTES}',
       rf'(?P<tail>[ns]\d+) -> (?P<head>[ns]\d+) {ATTRIBUTES}']
WORDS = r'(?:[^#;:"\[\]{}|<>&%`\\\n]|#\d+;|<br/>)+'
MERMAID = [r'flowchart LR', r'sequenceDiagram', rf'(?P<node>n\d+)\["{WORDS}"\]',
           rf'participant (?P<part>n\d+) as {WORDS}',
           rf'(?P<tail>n\d+) -->\|"{WORDS}"\| (?P<head>n\d+)',
           rf'(?P<from>n\d+)--?>>(?P<to>n\d+): {WORDS}', rf'Note over (?P<over>n\d+): {WORDS}']


def read(path, errors="strict"):
    with open(path, encoding="utf-8", errors=errors) as file:
        return file.read()


def check_lines(text, grammar):
    """Every line is one of the grammar; what arrows join was declared.  Returns the arrows."""
    patterns = [re.compile(line) for line in grammar]
    declared, arrows = set(), []
    for line in text.splitlines():
        found = [m for m in (p.fullmatch(line.strip()) for p in patterns) if m]
        assert found, f"this is no line of the language: {line}"
        groups = found[0].groupdict()
        declared |= {groups[k] for k in ("node", "part") if groups.get(k)}
        ends = [groups[k] for k in ("tail", "head", "from", "to", "over") if groups.get(k)]
        assert set(ends) <= declared, f"not declared before: {line}"
        if len(ends) == 2:
            arrows.append((*ends, line.strip()))
    return arrows


def edges_of(trace):
    """Of the first finding that has some: (waiter, holder)."""
    edges = []
    for line in trace.splitlines():
        if line.startswith("f ") and edges:
            break
        if line.startswith("w "):
            waiter, _, holder = line.split()[1:]
            edges.append((f"n{waiter}", f"n{holder}"))
    return edges


def check(base):
    trace = read(base + ".trace", "replace")
    waits = edges_of(trace)
    dot = read(base + ".dot")
    arrows = check_lines(dot, DOT)
    bare = re.sub(STRING, "", dot)
    assert bare.count("{") == bare.count("}") and dot.endswith("\n}\n"), "braces"
    _, title, diagram = re.split(r"^---\n", read(base + ".mermaid"), maxsplit=2, flags=re.M)
    assert re.fullmatch(rf'title: {STRING}\n', title), title
    drawn = check_lines(diagram, MERMAID)
    blocks = re.findall(r"^```mermaid\n(.*?)^```$", read(base + ".markdown"), re.M | re.S)
    assert [b.split("\n")[0] for b in blocks] == ["sequenceDiagram"] + ["flowchart LR"] * bool(
        waits), blocks
    for block in blocks:
        check_lines(block, MERMAID)
    if waits:
        assert [a[:2] for a in arrows] == waits, arrows
        assert [a[:2] for a in drawn] == waits, drawn
        assert blocks[1] == diagram
    else:
        assert blocks[0] == diagram
    return arrows


def check_race(arrows):
    """counter_race: the read comes before the write of the same task, and nothing else is sure."""
    sure = {a[:2] for a in arrows if "happens before" in a[2]}
    chance = {a[:2] for a in arrows if "later in this run" in a[2]}
    assert sure == {("s1", "s3")} and chance == {("s1", "s2"), ("s2", "s3")}, arrows


def main():
    paths = sorted(glob.glob(os.path.join(sys.argv[1], "*.dot")))
    assert len(paths) >= int(sys.argv[2]), paths
    for path in paths:
        try:
            arrows = check(path.removesuffix(".dot"))
            if path.endswith("/counter_race.dot"):
                check_race(arrows)
        except (AssertionError, KeyError, ValueError) as error:
            sys.exit(f"{path}: {type(error).__name__}: {error}")


main()
