# Reports for continuous integration: JUnit's XML, GitHub's commands, GitLab's list of findings.
set -u
p=$1
failed=0

fail()
{
    echo "$*"
    failed=1
}

# gives STATUS COMMAND...
gives()
{
    expected=$1
    shift
    "$@" >out 2>err
    status=$?
    [ $status = "$expected" ] || fail "exit status $status, not $expected: $*: $(cat err)"
}

rm -rf ./*
command -v python3 >/dev/null || { echo 'python3 is missing'; exit 1; }
gives 0 "$p" run counter_lock_threads --junit passed.xml --code-quality passed.json --annotate github
grep -q '^::' out && fail 'a clean run has annotations'
gives 1 "$p" explore counter_race_threads --junit failed.xml --code-quality failed.json \
    --annotate github --png race.png --trace race.trace
cp out failed.github
gives 1 "$p" explore dekker --policy dfs --executions 3 --junit unsure.xml
gives 1 "$p" explore bank_transfer_abba --policy pct --trace abba.trace
gives 1 "$p" run lost_wakeup --trace wakeup.trace
gives 0 "$p" annotate race.trace abba.trace wakeup.trace --junit all.xml --code-quality all.json \
    --annotate github
cp out all.github

python3 - <<'END' || failed=1
import json
import re
import xml.etree.ElementTree as ET

def suite(path):
    root = ET.parse(path).getroot()
    assert root.tag == "testsuites", path
    (suite,) = root
    cases = suite.findall("testcase")
    for what, tag in (("tests", None), ("failures", "failure"), ("errors", "error")):
        count = len(cases) if tag is None else sum(c.find(tag) is not None for c in cases)
        assert root.get(what) == suite.get(what) == str(count), (path, what)
    return cases

(case,) = suite("passed.xml")
assert (case.get("classname"), case.get("name")) == ("pickglass.run", "counter_lock_threads")
assert case.find("failure") is None and case.get("file") is None
(case,) = suite("failed.xml")
failure = case.find("failure")
assert failure.get("type") == "lost-update" and "overwrote" in failure.get("message")
assert "replay: pickglass run counter_race_threads --schedule 's1:" in failure.text
assert case.get("file") == "scenarios/counter_race_threads.c" and int(case.get("line")) > 0
output = case.find("system-out").text
assert "stopped at the first error" in output
for name in ("race.png", "race.trace"):
    assert f"[[ATTACHMENT|{name}]]" in output, name
(case,) = suite("unsure.xml")
assert case.find("error").get("type") == "inconclusive"
assert [c.get("name") for c in suite("all.xml")] == ["counter_race_threads", "bank_transfer_abba",
                                                     "lost_wakeup"]

assert json.load(open("passed.json")) == []
seen = set()
for path in ("failed.json", "all.json"):
    for finding in json.load(open(path)):
        assert set(finding) == {"description", "check_name", "fingerprint", "severity", "location"}
        assert finding["severity"] in ("info", "minor", "major", "critical", "blocker")
        assert finding["location"]["lines"]["begin"] > 0
        assert re.fullmatch(r"scenarios/\w+\.c", finding["location"]["path"])
        seen.add(finding["check_name"])
assert {"lost-update", "deadlock", "lost-wakeup"} <= seen, seen

line = re.compile(r"::(error|warning) file=scenarios/\w+\.c,line=[1-9]\d*,title=[^:,]+::\S.*")
for path in ("failed.github", "all.github"):
    lines = [l for l in open(path).read().split("\n") if l.startswith("::")]
    assert lines and all(line.fullmatch(l) for l in lines), (path, lines)
END

# A text that would end the command, or the element, early.
sed 's/^f lost-wakeup .*/f lost-wakeup 0 2 0 a, b: 100% <\&">]]>/' wakeup.trace >nasty.trace
gives 0 "$p" annotate nasty.trace --annotate github --junit nasty.xml
grep -q '100%25 <&">\]\]>%0A1\.' out || fail "the words of nasty.trace are not kept: $(cat out)"
python3 -c 'import xml.etree.ElementTree as ET
assert ET.parse("nasty.xml").getroot()[0][0][0].get("message") == "a, b: 100% <&\">]]>"' || failed=1

gives 2 "$p" annotate race.trace
gives 2 "$p" annotate --junit a.xml
gives 2 "$p" annotate race.trace missing.trace --junit a.xml
gives 2 "$p" annotate race.trace --annotate teamcity
gives 2 "$p" run hello_world --junit /nonexistent/a.xml
[ ! -e a.xml ] || fail 'a command that fails leaves a.xml'

# A part of the picture, by the command that runs, too.
gives 1 "$p" run counter_race -p tasks=9 --svg whole.svg
gives 1 "$p" run counter_race -p tasks=9 --svg part.svg --only Task-2 --steps 10..40
cmp -s whole.svg part.svg && fail '--only and --steps change nothing'
grep -q '>Task-3<' part.svg && fail '--only shows somebody else'
gives 1 "$p" explore counter_race_threads --svg part.svg --only 'adder 2'
grep -q '>adder 1<' part.svg && fail 'explore --only shows somebody else'
gives 2 "$p" run counter_race -p tasks=9 --svg none.svg --only nobody
[ ! -e none.svg ] || fail 'a picture of nobody is drawn'
exit $failed
