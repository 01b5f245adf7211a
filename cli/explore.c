#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/commands.h"
#include "cli/report.h"
#include "cli/watch.h"

static void refuse_policy(const char *name)
{
    char known[256] = "";

    for (unsigned i = 0; i < EXPLORE_POLICY_COUNT; i++) {
        size_t length = strlen(known);

        (void)snprintf(known + length, sizeof(known) - length, "%s%s", i == 0 ? "" : ", ",
                       explore_policy_name((enum explore_policy)i));
    }
    cli_error("--policy: '%s' is none of %s", name, known);
}

/* Options that mean nothing to the policy are mistakes. */
static bool check_options(const struct cli_options *options, enum explore_policy policy)
{
    const char *name = explore_policy_name(policy);
    const char *wrong = NULL;

    if (options->depth != 0 && policy != EXPLORE_PCT && policy != EXPLORE_PORTFOLIO)
        wrong = "--depth";
    if (options->delays >= 0 && policy != EXPLORE_DB)
        wrong = "--delays";
    if (options->preemptions >= 0 && policy != EXPLORE_DFS && policy != EXPLORE_PB &&
        policy != EXPLORE_PORTFOLIO)
        wrong = "--preemptions";
    if (wrong != NULL)
        cli_error("%s says nothing to the policy %s; see 'pickglass help explore'", wrong, name);
    else if (policy == EXPLORE_GUIDED && options->schedule == NULL)
        cli_error("the policy guided needs --schedule");
    return wrong == NULL && (policy != EXPLORE_GUIDED || options->schedule != NULL);
}

/* schedule is where a prefix goes. */
static bool request_search(const struct cli_options *options, struct explore_request *request,
                           struct schedule *schedule)
{
    struct cli_options plain = *options;

    *request = (struct explore_request){.policy = EXPLORE_DFS,
                                        .max_preemptions = (int)options->preemptions,
                                        .max_delays = (int)options->delays,
                                        .depth = (uint32_t)options->depth,
                                        .max_executions = options->executions,
                                        .keep_going = options->all};
    if (options->policy != NULL)
        request->policy = explore_policy_named(options->policy);
    if (request->policy == EXPLORE_POLICY_COUNT) {
        refuse_policy(options->policy);
        return false;
    }
    /* Time alone ends the drawing then. */
    if (options->budget_ns >= 0 && options->executions == 0 && request->policy != EXPLORE_PORTFOLIO)
        request->max_executions = UINT64_MAX;
    if (!check_options(options, request->policy) || !cli_schedule(options, schedule))
        return false;
    if (options->schedule != NULL)
        request->prefix = schedule;
    plain.policy = NULL;
    return cli_request(&plain, &request->run);
}

/* How, without the number of executions. */
static void print_sampled(const struct explore_request *request,
                          const struct explore_report *report)
{
    bool drawn = request->policy != EXPLORE_FIFO && request->policy != EXPLORE_GUIDED &&
                 request->policy != EXPLORE_ROUND_ROBIN;

    if (drawn)
        (void)fprintf(stderr, ", seed %" PRIu64, request->run.seed);
    if (report->cut_short > 0)
        (void)fprintf(stderr, ", %" PRIu64 " of them cut short by a limit", report->cut_short);
    (void)fprintf(stderr, "%s%s", report->why[0] == '\0' ? "" : "; ", report->why);
}

/* stopped: by what, if by anything but the search itself. */
static void print_verdict(const struct explore_request *request,
                          const struct explore_report *report, const char *stopped)
{
    uint64_t runs = report->executions;
    const char *s = runs == 1 ? "" : "s";

    (void)fprintf(stderr, "%s: ", request->run.scenario->name);
    switch (report->verdict) {
    case EXPLORE_EXHAUSTED:
        (void)fprintf(stderr, "exhausted: all %" PRIu64 " execution%s run", runs, s);
        break;
    case EXPLORE_BOUNDED:
        (void)fprintf(stderr, "bounded: all %" PRIu64 " execution%s with %s run", runs, s,
                      report->why);
        break;
    case EXPLORE_SAMPLED:
        (void)fprintf(stderr, "sampled: %" PRIu64 " %s execution%s run", runs,
                      explore_policy_name(request->policy), s);
        print_sampled(request, report);
        break;
    case EXPLORE_STOPPED:
        (void)fprintf(stderr, "stopped at the first error, after %" PRIu64 " execution%s", runs, s);
        break;
    case EXPLORE_INCONCLUSIVE:
    default:
        (void)fprintf(stderr, "inconclusive: cut short after %" PRIu64 " execution%s%s%s", runs, s,
                      report->why[0] == '\0' ? "" : ": ", report->why);
        break;
    }
    if (report->interrupted && stopped != NULL)
        (void)fprintf(stderr, ", stopped by %s", stopped);
    (void)fputc('\n', stderr);
}

static void print_kinds(const struct explore_report *report)
{
    if (report->worst < 0)
        (void)fputs("no finding in the executions run\n", stderr);
    for (unsigned kind = 0; kind < SIM_FINDING_COUNT; kind++)
        if (report->kinds[kind].first != 0)
            (void)fprintf(stderr,
                          "found: %s in %" PRIu64 " of %" PRIu64
                          " executions, first in number %" PRIu64 "%s%s\n",
                          sim_finding_name(kind), report->kinds[kind].executions,
                          report->executions, report->kinds[kind].first,
                          report->kinds[kind].by == NULL ? "" : ", by ",
                          report->kinds[kind].by == NULL ? "" : report->kinds[kind].by);
}

/* Show the first run with the worst finding. */
static int show_first(const struct cli_options *options, const struct explore_request *request,
                      const struct explore_report *report)
{
    char error[512];
    struct run_request again = request->run;

    again.policy = RUN_REPLAY;
    again.schedule = &report->kinds[report->worst].schedule;
    struct trace *trace = run_record(&again, error, sizeof(error));

    if (trace == NULL || error[0] != '\0') {
        cli_error("%s", error);
        trace_free(trace);
        return CLI_USAGE;
    }
    char *schedule = schedule_format(&trace->schedule);

    (void)fprintf(stderr, "schedule: %s\n\n", schedule == NULL ? "?" : schedule);
    free(schedule);
    (void)report_print(trace);
    bool written = report_write(trace, options);

    trace_free(trace);
    return written ? CLI_FOUND : CLI_USAGE;
}

/* A search cut short without a finding has not passed, and has not failed either: it proves
 * nothing, and says so with the status of a failed expectation.  Drawing for as long as was asked
 * is not cut short; drawing until Ctrl-C is. */
static int status_of(const struct explore_report *report, bool by_hand)
{
    bool cut = report->verdict == EXPLORE_INCONCLUSIVE || (report->interrupted && by_hand);

    return cut ? CLI_FOUND : CLI_CLEAN;
}

static int tell(const struct cli_options *options, const struct explore_request *request,
                const struct explore_report *report, const char *stopped)
{
    if (report->executions == 0) {
        cli_error("%s: nothing was executed", request->run.scenario->name);
        return CLI_USAGE;
    }
    print_verdict(request, report, stopped);
    print_kinds(report);
    return report->worst < 0 ? status_of(report, watch_interrupted())
                             : show_first(options, request, report);
}

static int search(const struct cli_options *options, struct explore_request *request)
{
    struct explore_report report;
    struct watch watch;
    char error[256];
    int status = CLI_USAGE;

    watch_begin(&watch, request->run.scenario->name, options->budget_ns);
    request->watch = watch_goes_on;
    request->watch_arg = &watch;
    bool ok = explore(request, &report, error, sizeof(error));

    watch_end(&watch);
    if (ok)
        status = tell(options, request, &report, watch.stopped);
    else
        cli_error("%s", error);
    explore_report_free(&report);
    return status;
}

int command_explore(int argc, char **argv)
{
    struct cli_options options;
    struct explore_request request;
    struct schedule prefix = {0};
    int status = CLI_USAGE;

    if (cli_parse(&options, "explore",
                  CLI_PARAM | CLI_SCHEDULE | CLI_POLICY | CLI_LEVEL | CLI_OUTPUT | CLI_SEARCH |
                      CLI_PICTURE | CLI_STEPS,
                  argc, argv) &&
        request_search(&options, &request, &prefix))
        status = search(&options, &request);
    schedule_free(&prefix);
    return status;
}
