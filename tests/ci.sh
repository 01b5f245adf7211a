# What docs/ci.md tells people to copy does what it says.   sh ci.sh BUILD ROOT CMAKE
set -u
build=$1
root=$2
cmake=$3
failed=0

fail()
{
    echo "$*"
    failed=1
}

# block LANGUAGE: the first block of docs/ci.md in it.
block()
{
    awk -v first='```'"$1" '$0 == first && !done { on = 1; next } $0 == "```" && on { on = 0; done = 1 } on' \
        "$root/docs/ci.md"
}

rm -rf ./*
mkdir project project/ci
"$cmake" --install "$build" --prefix "$PWD/prefix" >install.log || { cat install.log; exit 1; }
PICKGLASS_PREFIX=$PWD/prefix
export PICKGLASS_PREFIX
unset PICKGLASS_OUT PICKGLASS GITHUB_ACTIONS

block sh >project/ci/test.sh
block c >project/test_deposits.c
cat >project/CMakeLists.txt <<'EOF'
cmake_minimum_required(VERSION 3.25)
project(deposits LANGUAGES C)
find_package(Pickglass REQUIRED)
find_package(PkgConfig REQUIRED)
pkg_check_modules(CMOCKA REQUIRED IMPORTED_TARGET cmocka)
enable_testing()
add_executable(test_deposits test_deposits.c)
target_link_libraries(test_deposits PRIVATE Pickglass::pickglass PkgConfig::CMOCKA)
add_test(NAME deposits COMMAND test_deposits)
EOF

cd project || exit 1
sh ci/test.sh >../log 2>&1 && fail 'the test that must fail passes'
for file in deposits.trace deposits.png deposits.html summary.md; do
    [ -s "pickglass-out/$file" ] || fail "pickglass-out has no $file"
done
[ -s build/junit.xml ] || fail 'there is no junit.xml'
grep -qF 'replay: sim_check_schedule(&deposits, "s1:' ../log || fail 'the log has no line to replay it'
grep -qF '**LOST UPDATE**' pickglass-out/summary.md || fail 'the summary does not say what was lost'
grep -qF '    sim_check_schedule(&deposits, "s1:' pickglass-out/summary.md ||
    fail 'the summary does not say how to see it again'
attachment='[[ATTACHMENT|pickglass-out/deposits.png]]'
grep -qF "$attachment" pickglass-out/junit.xml || fail 'the test report has no picture'
grep -qF '"path": "test_deposits.c", "lines": {"begin": 1' pickglass-out/code-quality.json ||
    fail "the findings have no place: $(cat pickglass-out/code-quality.json)"
grep -q '^::' ../log && fail 'there are annotations for GitHub elsewhere'
GITHUB_ACTIONS=true sh ci/test.sh >../log 2>&1 && fail 'the test that must fail passes on GitHub'
grep -q '^::error file=test_deposits.c,line=1[0-9],title=deposits%3A lost-update::first' ../log ||
    fail 'there are no annotations for GitHub'
grep -qF 'sequenceDiagram' pickglass-out/summary.md || fail 'the summary has no diagram'

# A program without the race.  Nothing is left of the failure.
sed -i 's/sim_write(balance, sim_read(balance) + 100);/(void)balance;/' test_deposits.c
sh ci/test.sh >../log 2>&1 || fail 'the test that must pass fails'
[ -z "$(ls pickglass-out)" ] || fail "a run without a failure leaves $(ls pickglass-out)"

[ $failed = 0 ] || cat ../log
exit $failed
