#include "cli/verdict.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/ci.h"
#include "cli/fairness.h"
#include "cli/minimal.h"
#include "cli/report.h"
#include "cli/watch.h"

/* Do numbers of executions mean the same in every shard? */
static bool is_drawn(const struct outcome *outcome)
{
    return outcome->policy != EXPLORE_DFS && outcome->policy != EXPLORE_DPOR &&
           outcome->policy != EXPLORE_PB && outcome->policy != EXPLORE_DB;
}

/* What auto has run before it knew that there was more. */
static uint64_t depth_first(const struct explore_report *report)
{
    return report->executions - report->sampled.reduced - report->sampled.runs;
}

/* How, without the number of executions. */
static void print_sampled(const struct outcome *outcome, FILE *out)
{
    const struct explore_report *report = &outcome->report;
    bool drawn = outcome->policy != EXPLORE_FIFO && outcome->policy != EXPLORE_GUIDED &&
                 outcome->policy != EXPLORE_ROUND_ROBIN;

    if (outcome->policy == EXPLORE_AUTO) {
        (void)fprintf(out, ", %" PRIu64 " depth first", depth_first(report));
        if (report->sampled.reduced > 0)
            (void)fprintf(out, " and %" PRIu64 " by dpor", report->sampled.reduced);
        (void)fprintf(out, ", which is not all, and %" PRIu64 " at random", report->sampled.runs);
    }
    if (drawn)
        (void)fprintf(out, ", seed %" PRId64, outcome->seed);
    if (limits_cut_short(report) > 0) {
        char limits[sizeof(report->why)];

        limits_say(report, "", limits, sizeof(limits));
        (void)fprintf(out, ", of which %s", limits);
    }
    (void)fprintf(out, "%s%s", report->why[0] == '\0' ? "" : "; ", report->why);
}

/* "counter_race: ", or "counter_race, shard 2 of 4: ". */
static void print_name(const struct outcome *outcome, FILE *out)
{
    uint32_t missing = outcome_missing(outcome);

    (void)fputs(outcome->program, out);
    if (missing > 0 && missing + 1 == outcome->shard_count)
        (void)fprintf(out, ", shard %u of %u", outcome_first_shard(outcome) + 1,
                      outcome->shard_count);
    else if (missing > 0)
        (void)fprintf(out, ", %u of %u shards", outcome->shard_count - missing,
                      outcome->shard_count);
    (void)fputs(": ", out);
}

void verdict_differs(const struct twice_difference *difference, FILE *out)
{
    (void)fprintf(
        out,
        "nondeterminism: the same choices led to another run, first at step %u\n"
        "  the first time:  %s\n  the second time: %s\n"
        "  Something outside the simulation decides: a variable that outlives the run, an "
        "address,\n  rand(), the wall clock, or memory that was never written.\n",
        difference->step, difference->first, difference->second);
}

static void print_verdict(const struct outcome *outcome, const char *stopped, FILE *out)
{
    const struct explore_report *report = &outcome->report;
    uint64_t runs = report->executions;
    /* Of these, and no others, the claim is that they are all. */
    uint64_t all = report->sampled.reduced > 0 ? report->sampled.reduced : runs;
    const char *by = report->sampled.reduced > 0 ? " by dpor" : "";
    bool proved = report->verdict == EXPLORE_EXHAUSTED || report->verdict == EXPLORE_BOUNDED;
    const char *s = (proved ? all : runs) == 1 ? "" : "s";

    print_name(outcome, out);
    switch (report->verdict) {
    case EXPLORE_EXHAUSTED:
        (void)fprintf(out, "exhausted: all %" PRIu64 " execution%s run%s%s%s", all, s, by,
                      report->why[0] == '\0' ? "" : ", ", report->why);
        break;
    case EXPLORE_BOUNDED:
        (void)fprintf(out, "bounded: all %" PRIu64 " execution%s with %s run%s", all, s,
                      report->why, by);
        break;
    case EXPLORE_SAMPLED:
        (void)fprintf(out, "sampled: %" PRIu64 " %s%sexecution%s run", runs,
                      outcome->policy == EXPLORE_AUTO
                          ? ""
                          : explore_policy_name((enum explore_policy)outcome->policy),
                      outcome->policy == EXPLORE_AUTO ? "" : " ", s);
        print_sampled(outcome, out);
        break;
    case EXPLORE_STOPPED:
        (void)fprintf(out, "stopped at the first error, after %" PRIu64 " execution%s", runs, s);
        break;
    case EXPLORE_NONDETERMINISTIC:
        (void)fprintf(out,
                      "nondeterministic: after %" PRIu64 " execution%s the program did not repeat "
                      "itself under the same choices, and nothing is proved%s%s",
                      runs, s, report->why[0] == '\0' ? "" : ": ", report->why);
        break;
    case EXPLORE_INCONCLUSIVE:
    default:
        (void)fprintf(out, "inconclusive: cut short after %" PRIu64 " execution%s%s%s", runs, s,
                      report->why[0] == '\0' ? "" : ": ", report->why);
        break;
    }
    if (proved && report->sampled.reduced > 0)
        (void)fprintf(out, ", after %" PRIu64 " depth first, which were not all",
                      depth_first(report));
    if (report->given_up > 0)
        (void)fprintf(out, "; %" PRIu64 " more given up half-way", report->given_up);
    if (report->interrupted && stopped != NULL)
        (void)fprintf(out, ", stopped by %s", stopped);
    (void)fputc('\n', out);
}

/* What was free to be chosen. */
static void print_freedom(const struct outcome *outcome, FILE *out)
{
    (void)fprintf(out, "freedom: level %s, time %s", outcome->level, outcome->time);
    if (outcome->cancel[0] != '\0')
        (void)fprintf(out, ", %s%s cancelled at one await of each execution",
                      strcmp(outcome->cancel, "any") == 0 ? "any task" : "task ",
                      strcmp(outcome->cancel, "any") == 0 ? "" : outcome->cancel);
    (void)fputc('\n', out);
}

char *verdict_line(const struct outcome *outcome, const char *stopped)
{
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);

    if (out == NULL)
        return NULL;
    print_verdict(outcome, stopped, out);
    if (fclose(out) == 0 && size > 0) {
        text[size - 1] = '\0';
        return text;
    }
    free(text);
    return NULL;
}

/* At which awaits cancellations were tried. */
static void print_trials(const struct outcome *outcome, FILE *out)
{
    const struct trials *trials = &outcome->report.trials;
    uint64_t executions = 0;

    for (size_t i = 0; i < trials->count; i++)
        executions += trials->at[i].begins + trials->at[i].ends;
    if (trials->count > 0)
        (void)fprintf(out, "cancelled: at %zu await%s, in %" PRIu64 " execution%s\n", trials->count,
                      trials->count == 1 ? "" : "s", executions, executions == 1 ? "" : "s");
    for (size_t i = 0; i < trials->count; i++)
        (void)fprintf(
            out, "  %s at %s: %" PRIu64 " as it began to wait, %" PRIu64 " as it went on\n",
            trials->at[i].task, trials->at[i].place[0] == '\0' ? "?" : trials->at[i].place,
            trials->at[i].begins, trials->at[i].ends);
}

static void print_kinds(const struct outcome *outcome, FILE *out)
{
    const struct explore_report *report = &outcome->report;
    /* What is not drawn has numbers only within a part. */
    bool of_shard = outcome->shard_count > 1 && !is_drawn(outcome);

    if (report->worst < 0)
        (void)fputs("no finding in the executions run\n", out);
    if (report->worst < 0 && outcome->policy == EXPLORE_AUTO && report->verdict == EXPLORE_SAMPLED)
        (void)fputs("not a proof: --policy dpor goes on until one execution was run for each order "
                    "of dependent steps\n",
                    out);
    for (unsigned kind = 0; kind < SIM_FINDING_COUNT; kind++) {
        const struct explore_kind *found = &report->kinds[kind];

        if (found->first != 0)
            (void)fprintf(out,
                          "found: %s in %" PRIu64 " of %" PRIu64
                          " executions, first in number %" PRIu64 "%s%s%s\n",
                          sim_finding_name(kind), found->executions, report->executions,
                          found->first, of_shard ? " of its shard" : "",
                          found->by == NULL ? "" : ", by ", found->by == NULL ? "" : found->by);
    }
}

static void print_schedule(const struct schedule *schedule, FILE *out)
{
    char *text = schedule_format(schedule);

    (void)fprintf(out, "schedule: %s\n", text == NULL ? "?" : text);
    free(text);
}

static void print_all(const struct outcome *outcome, const char *stopped, FILE *out)
{
    const struct explore_difference *difference = &outcome->report.difference;

    print_verdict(outcome, stopped, out);
    print_freedom(outcome, out);
    print_trials(outcome, out);
    print_kinds(outcome, out);
    if (outcome->report.verdict == EXPLORE_NONDETERMINISTIC && difference->execution == 0 &&
        outcome->report.why[0] == '\0') {
        (void)fputs("--check-determinism says where it differs\n", out);
    } else if (difference->execution != 0) {
        print_schedule(&difference->schedule, out);
        verdict_differs(&difference->at, out);
    }
}

/* A search cut short without a finding has not passed, and has not failed either: it proves
 * nothing, and says so with the status of a failed expectation.  Drawing for as long as was asked
 * is not cut short; drawing until Ctrl-C is. */
static int status_of(const struct explore_report *report)
{
    bool cut = report->verdict == EXPLORE_INCONCLUSIVE ||
               report->verdict == EXPLORE_NONDETERMINISTIC ||
               (report->interrupted && watch_interrupted());

    return cut ? CLI_FOUND : CLI_CLEAN;
}

/* The same for continuous integration, if it asks.  trace shows what was found; NULL: nothing to
 * show.  Returns false after a message. */
static bool tell_ci(const struct cli_options *options, const struct outcome *outcome,
                    const struct trace *trace, const char *stopped)
{
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);

    if (out != NULL)
        print_all(outcome, stopped, out);
    if (out == NULL || fclose(out) != 0) {
        cli_error("out of memory");
        free(text);
        return false;
    }
    struct ci_case c = {.command = "explore",
                        .name = outcome->program,
                        .trace = trace,
                        .verdict = text,
                        .inconclusive = status_of(&outcome->report) != CLI_CLEAN};

    if (trace != NULL)
        memcpy(c.files, (const char *[3]){options->png, options->svg, options->trace},
               sizeof(c.files));
    bool ok = ci_write(options, &c, 1);

    free(text);
    return ok;
}

/* Show the run under this schedule, the smallest like the first with the worst finding. */
static int show(const struct cli_options *options, const struct outcome *outcome,
                const struct run_request *run, const char *stopped, struct schedule *schedule)
{
    enum sim_finding_kind kind = (enum sim_finding_kind)outcome->report.worst;
    struct run_request again = *run;
    char error[512] = "";

    if (!options->no_shrink && !minimal_shrink(&again, kind, schedule))
        return CLI_USAGE;
    again.policy = RUN_REPLAY;
    again.schedule = schedule;
    struct trace *trace = run_record(&again, error, sizeof(error));

    if (trace == NULL || error[0] != '\0') {
        cli_error("%s", error);
        trace_free(trace);
        return CLI_USAGE;
    }
    print_schedule(&trace->schedule, stderr);
    struct fate_curve curve = {0};
    bool written = minimal_explain(options, run, kind, trace, &curve);

    (void)fputc('\n', stderr);
    written = report_print(trace) != CLI_USAGE && written;
    (void)fairness_print(trace, options->fairness, stderr);
    written = report_write(trace, options, &curve) && tell_ci(options, outcome, trace, stopped) &&
              written;
    fate_curve_free(&curve);
    trace_free(trace);
    return written ? CLI_FOUND : CLI_USAGE;
}

/* Show the first run with the worst finding; run may be NULL: then only its schedule. */
static int show_first(const struct cli_options *options, const struct outcome *outcome,
                      const struct run_request *run, const char *stopped)
{
    const struct explore_report *report = &outcome->report;
    enum sim_finding_kind kind = (enum sim_finding_kind)report->worst;
    struct schedule schedule = {0};
    int status = CLI_FOUND;

    if (run == NULL) {
        print_schedule(&report->kinds[kind].schedule, stderr);
        status = tell_ci(options, outcome, NULL, stopped) ? CLI_FOUND : CLI_USAGE;
    } else if (schedule_copy(&schedule, &report->kinds[kind].schedule)) {
        struct run_request limited = *run;

        /* The search may have had a limit of its own. */
        limited.max_steps = report->max_steps;
        status = show(options, outcome, &limited, stopped, &schedule);
    } else {
        cli_error("out of memory");
        status = CLI_USAGE;
    }
    schedule_free(&schedule);
    return status;
}

int verdict_tell(const struct cli_options *options, const struct outcome *outcome,
                 const struct run_request *run, const char *stopped)
{
    const struct explore_report *report = &outcome->report;

    if (report->executions == 0) {
        print_name(outcome, stderr);
        (void)fputs("nothing was executed\n", stderr);
        return CLI_USAGE;
    }
    print_all(outcome, stopped, stderr);
    if (report->worst < 0 && outcome->cancel[0] != '\0' && report->trials.count == 0 &&
        outcome_missing(outcome) == 0) {
        cli_error("--cancel: no task '%s' has awaited anything: nothing was tried",
                  outcome->cancel);
        return CLI_USAGE;
    }
    if (report->worst < 0 && (options->emit_test != NULL || options->emit_test_fixed != NULL))
        (void)fputs("no test is written: there is nothing to show\n", stderr);
    /* What does not repeat itself cannot be shown again. */
    if (report->worst >= 0 && report->verdict != EXPLORE_NONDETERMINISTIC)
        return show_first(options, outcome, run, stopped);
    return tell_ci(options, outcome, NULL, stopped) ? status_of(report) : CLI_USAGE;
}
