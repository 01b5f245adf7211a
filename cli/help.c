#include <stdio.h>
#include <string.h>

#include "cli/commands.h"
#include "cli/options.h"

#define PICTURE_OPTIONS                                                                            \
    "  --width N        width in logical pixels, 480 to 4000 (960)\n"                              \
    "  --scale N        pixels to a logical pixel, 1 to 4 (2)\n"                                   \
    "  --theme THEME    light or dark (light)\n"                                                   \
    "  --axis AXIS      how far apart moments are: by step, or by the time between (by time if\n"  \
    "                   it moves, and nothing was found that is about the order of steps)\n"

#define PART_OPTIONS                                                                               \
    "  --only NAME      show this task or thread, and others so named, and nobody else\n"          \
    "  --steps A..B     show these steps; A.. and ..B, too\n"

#define CI_OPTIONS                                                                                 \
    "  --junit FILE     write a test report, as JUnit's, for GitLab, Jenkins and others\n"         \
    "  --annotate github    print what was found for GitHub to show beside its line\n"             \
    "  --code-quality FILE  write what was found with its lines, for GitLab\n"

#define RUN_OPTIONS                                                                                \
    "  -p NAME=VALUE    set a parameter of the scenario\n"                                         \
    "  --level LEVEL    fifo: as CPython with exactly these durations; timing: sleeps, "           \
    "time-outs\n"                                                                                  \
    "                   and I/O may take longer or shorter; any: any ready task may go next\n"     \
    "  --time TIME      late: a deadline passes when nothing can run (the default); explored:\n"   \
    "                   the earliest may pass at any point, and waits for condition variables\n"   \
    "                   may end for no reason\n"                                                   \
    "  --early N        so many deadlines of a run may pass out of their turn (8)\n"               \
    "  --cancel TASK    try a cancellation at one await of this task, by name; any: of any "       \
    "task;\n"                                                                                      \
    "                   none: of no task, whatever the scenario says (a task of this name: any)\n" \
    "  --max-steps N    stop a run after so many steps (100000000)\n"                              \
    "  --max-memory SIZE    stop a run that has taken so much memory, 1M and more, as 5000K, "     \
    "64M,\n"                                                                                       \
    "                   2G (8G); stacks and what pickglass keeps of the run do not count\n"

#define OUTPUT_OPTIONS                                                                             \
    "  --trace FILE     write the trace\n"                                                         \
    "  --png FILE       draw the run\n"                                                            \
    "  --svg FILE       draw the run as SVG\n"

static const struct {
    const char *name;
    const char *usage;
    const char *text;
    const char *more; /* of its options, which others have, too */
} topics[] = {
    {"list", "list", "Name every scenario, with its lesson in a line.\n", ""},
    {"run", "run SCENARIO [options]",
     "Run a scenario once.  Its own lines go to standard output, the report to standard error.\n"
     "Exits with 0 if nothing was found, with 1 if something was.\n\n" RUN_OPTIONS
     "  --policy POLICY  who chooses: fifo, round-robin, random, or guided: what --schedule says,\n"
     "                   as far as it goes, and then fifo (fifo)\n"
     "  --seed N         of the random policy (0)\n"
     "  --schedule TEXT  take exactly these choices, as printed by a report\n"
     "  --order TEXT     keep these in order, as in 'A.read(x) < B.write(x), B.done() < "
     "C.read(x)'\n"
     "  --times          put the virtual time before each line\n"
     "  --fairness       show how long each waited, and who was served before it\n"
     "  --check-determinism    run it twice, and say where the program differs\n",
     OUTPUT_OPTIONS PICTURE_OPTIONS PART_OPTIONS CI_OPTIONS},
    {"explore", "explore SCENARIO [options]",
     "Try schedules until one shows an error, or none is left.  Exits with 0 if nothing was "
     "found,\n"
     "with 1 if something was, or if the search was cut short and so proves "
     "nothing.\n\n" RUN_OPTIONS
     "  --policy POLICY  auto: dfs if that is soon done, else dpor, else random (the default)\n"
     "                   dfs: every schedule, depth first (the default with --preemptions)\n"
     "                   dpor: of those that differ in independent steps only, one\n"
     "                   pb, db: every schedule, those with few preemptions or delays first\n"
     "                   random, pct, pos, surw: drawn; every option, by priorities, by races,\n"
     "                   by what is shared\n"
     "                   fifo, round-robin: one execution\n"
     "                   guided: one execution, the schedule's choices and then fifo\n"
     "                   portfolio: pb, random, pct and pos in turn, until one finds something\n"
     "  --preemptions N  dfs, pb, portfolio: only schedules with at most so many (portfolio: 2)\n"
     "  --delays N       db: only schedules with at most so many delays\n"
     "  --depth N        pct: of the bugs that the stated probability is about, 1 to 64 (3)\n"
     "  --schedule TEXT  begin every execution with these choices\n"
     "  --executions N   stop after so many (dfs, dpor, pb, db: no limit, and one for each\n"
     "                   part; auto: 1000 at random; others: 1000 in all parts)\n"
     "  --budget TIME    stop after so much real time, as 500ms, 30s, 5m, 2h; so does Ctrl-C\n"
     "  --seed N         of a policy that draws (0)\n"
     "  --jobs N         divide the search among N processes\n"
     "  --shard I/N      run the Ith of N parts, which share nothing and together are the whole\n"
     "  --report FILE    write the outcome, for 'pickglass merge'\n"
     "  --checkpoint FILE      write how far the search is, now and then and at its end; and go "
     "on\n"
     "                         from there if the file is there, as after kill -9\n"
     "  --resume FILE          the same, but the file must be there\n"
     "  --checkpoint-every N   write it after so many executions (100000), and every 5 s\n"
     "  --map FILE       what was seen: outcomes as a tree, and which order of what conflicts; as\n"
     "                   the name ends: .txt, .json, .png, .svg; - is text on standard output\n"
     "  --check-determinism    run every schedule twice, and say where the program differs\n"
     "  --all            go on after the first error\n"
     "  --no-shrink      show the first schedule that fails, not the smallest like it\n"
     "  --fate           show from where on the failure could not be escaped, in pictures, too\n"
     "  --fairness       show how long each waited, and who was served before it\n"
     "  --emit-test FILE.c        write a test that passes while the fault is there\n"
     "  --emit-test-fixed FILE.c  write a test that passes when it is gone\n",
     OUTPUT_OPTIONS PICTURE_OPTIONS PART_OPTIONS CI_OPTIONS},
    {"merge", "merge REPORT... [options]",
     "Put together what shards of one search have found, and say what it is worth.  Exits as that "
     "\n"
     "search would have, had it run in one.\n\n"
     "  --report FILE    write the whole as a report\n"
     "  --map FILE       draw the whole, if the searches were run with --map and "
     "--report\n",
     OUTPUT_OPTIONS PICTURE_OPTIONS PART_OPTIONS CI_OPTIONS},
    {"replay", "replay TRACE [options]",
     "Run a recorded trace's program again under its schedule, and compare.  Exits with 0 if it "
     "is\n"
     "the same run, byte for byte, without a finding; with 1 if it has one, or differs: the "
     "report\n"
     "names the first step that does.\n\n"
     "  --max-steps N, --max-memory SIZE   as for run\n"
     "  --on-drift WHAT  where the program is not the recorded one any more: stop or continue "
     "(stop)\n"
     "  --times          put the virtual time before each line\n",
     OUTPUT_OPTIONS PICTURE_OPTIONS PART_OPTIONS},
    {"render", "render TRACE [-o FILE] [options]",
     "Draw a recorded trace.  Needs no display.\n\n"
     "  -o FILE          where to; text goes to standard output without it\n"
     "  --format FORMAT  png, svg; text, or ascii for a terminal; chrome, for ui.perfetto.dev;\n"
     "                   dot, mermaid: the finding as a graph; markdown, with it in words;\n"
     "                   html, a page with the picture and the words (as the name ends: .png,\n"
     "                   .svg, .txt, .json, .dot, .mmd, .md, .html)\n" PICTURE_OPTIONS PART_OPTIONS
     "  --fate           show from where on what was found could not be escaped; runs the "
     "scenario\n"
     "Text is 40 to 400 characters wide (100).\n",
     ""},
    {"show", "show SCENARIO|TRACE [options]",
     "Open a window on a run, with the state of everything at each step.  Where something was\n"
     "chosen it lists what else could have come next, and runs it so if asked; tasks have such\n"
     "choices with --level any.  E explores all runs as a tree of choices.  Press ? in it for its\n"
     "keys.\n\n" RUN_OPTIONS "  --policy, --seed, --schedule   as for run\n"
     "  --explore        begin with the tree of choices; --policy is then that of the search "
     "(dfs),\n"
     "                   and --schedule is what every run begins with\n"
     "  --executions N   explore at most so many (100000)\n"
     "  --preemptions N, --delays N, --depth N   bounds of the search, as for explore\n"
     "  --only NAME      show this task or thread, and hide the others; may be repeated\n"
     "  --steps A..B     show these steps first\n"
     "  --window-scale N draw the window larger, in percent: 100 to 400 (100)\n"
     "  --dump-state F   write to a file, at the end and when F12 is pressed, what is "
     "shown\n" PICTURE_OPTIONS,
     ""},
    {"explain", "explain TRACE",
     "Say of each finding what it is, and list the steps that matter: who did what where.  Exits "
     "with 0\n"
     "if there is none, with 1 if there is.\n\n"
     "  --fate           show from where on the first could not be escaped; runs the scenario\n"
     "  --fairness       show how long each waited, and who was served before it\n",
     ""},
    {"diff", "diff TRACE TRACE",
     "Say where two runs part, and what follows: values, findings and output that differ.  Exits "
     "with 0\n"
     "if they are the same, with 1 if they differ.\n",
     ""},
    {"annotate", "annotate TRACE... [options]",
     "Report recorded traces to continuous integration: what each shows, and at which "
     "line.\n\n" CI_OPTIONS,
     ""},
    {"help", "help [COMMAND]", "Explain a command.\n", ""},
};

int command_help(int argc, char **argv)
{
    size_t count = sizeof(topics) / sizeof(topics[0]);

    for (size_t i = 0; argc == 1 && i < count; i++) {
        if (strcmp(argv[0], topics[i].name) == 0) {
            (void)printf("usage: pickglass %s\n\n%s%s", topics[i].usage, topics[i].text,
                         topics[i].more);
            return CLI_CLEAN;
        }
    }
    if (argc > 0) {
        cli_error("there is no help on '%s'", argv[0]);
        return CLI_USAGE;
    }
    (void)puts("pickglass: a lens for concurrent programs: run, explore, replay and draw them\n");
    for (size_t i = 0; i < count; i++)
        (void)printf("  pickglass %s\n", topics[i].usage);
    (void)puts(
        "  pickglass --version\n\n"
        "'pickglass COMMAND --help' explains one.  Exit status: 0 clean; 1 something was found\n"
        "or differs; 2 bad usage, bad input, a file that cannot be written, or no memory.");
    return CLI_CLEAN;
}
