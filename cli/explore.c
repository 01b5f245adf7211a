#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/commands.h"
#include "cli/minimal.h"
#include "cli/report.h"

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

static bool request_search(const struct cli_options *options, struct explore_request *request)
{
    struct cli_options plain = *options;

    *request = (struct explore_request){.policy = EXPLORE_DFS,
                                        .max_preemptions = (int)options->preemptions,
                                        .max_executions = options->executions,
                                        .keep_going = options->all};
    if (options->policy != NULL)
        request->policy = explore_policy_named(options->policy);
    if (request->policy == EXPLORE_POLICY_COUNT) {
        refuse_policy(options->policy);
        return false;
    }
    plain.policy = NULL;
    return cli_request(&plain, &request->run);
}

static void print_verdict(const struct explore_request *request,
                          const struct explore_report *report)
{
    const char *name = request->run.scenario->name;
    uint64_t runs = report->executions;
    const char *s = runs == 1 ? "" : "s";

    switch (report->verdict) {
    case EXPLORE_EXHAUSTED:
        (void)fprintf(stderr, "%s: exhausted: all %" PRIu64 " execution%s run\n", name, runs, s);
        break;
    case EXPLORE_BOUNDED:
        (void)fprintf(stderr, "%s: bounded: all %" PRIu64 " execution%s with %s run\n", name, runs,
                      s, report->why);
        break;
    case EXPLORE_SAMPLED:
        (void)fprintf(stderr, "%s: sampled: %" PRIu64 " random execution%s run, seed %" PRIu64 "\n",
                      name, runs, s, request->run.seed);
        break;
    case EXPLORE_STOPPED:
        (void)fprintf(stderr, "%s: stopped at the first error, after %" PRIu64 " execution%s\n",
                      name, runs, s);
        break;
    case EXPLORE_INCONCLUSIVE:
    default:
        (void)fprintf(stderr, "%s: inconclusive: cut short after %" PRIu64 " execution%s: %s\n",
                      name, runs, s, report->why);
        break;
    }
}

static void print_kinds(const struct explore_report *report)
{
    if (report->worst < 0)
        (void)fputs("no finding in the executions run\n", stderr);
    for (unsigned kind = 0; kind < SIM_FINDING_COUNT; kind++)
        if (report->kinds[kind].first != 0)
            (void)fprintf(stderr,
                          "found: %s in %" PRIu64 " of %" PRIu64
                          " executions, first in number %" PRIu64 "\n",
                          sim_finding_name(kind), report->kinds[kind].executions,
                          report->executions, report->kinds[kind].first);
}

/* Show the first run with the worst finding. */
static int show_first(const struct cli_options *options, const struct explore_request *request,
                      struct explore_report *report)
{
    char error[512];
    struct run_request again = request->run;
    enum sim_finding_kind kind = (enum sim_finding_kind)report->worst;

    if (!options->no_shrink && !minimal_shrink(&again, kind, &report->kinds[kind].schedule))
        return CLI_USAGE;
    again.policy = RUN_REPLAY;
    again.schedule = &report->kinds[kind].schedule;
    struct trace *trace = run_record(&again, error, sizeof(error));

    if (trace == NULL || error[0] != '\0') {
        cli_error("%s", error);
        trace_free(trace);
        return CLI_USAGE;
    }
    char *schedule = schedule_format(&trace->schedule);

    (void)fprintf(stderr, "schedule: %s\n", schedule == NULL ? "?" : schedule);
    free(schedule);
    bool written = minimal_explain(options, &request->run, kind, trace);

    (void)fputc('\n', stderr);
    (void)report_print(trace);
    written = report_write(trace, options) && written;

    trace_free(trace);
    return written ? CLI_FOUND : CLI_USAGE;
}

/* A search cut short without a finding has not passed, and has not failed either: it proves
 * nothing, and says so with the status of a failed expectation. */
static int status_of(const struct explore_report *report)
{
    return report->verdict == EXPLORE_INCONCLUSIVE ? CLI_FOUND : CLI_CLEAN;
}

int command_explore(int argc, char **argv)
{
    struct cli_options options;
    struct explore_request request;
    struct explore_report report;
    char error[256];

    if (!cli_parse(&options, "explore",
                   CLI_PARAM | CLI_POLICY | CLI_LEVEL | CLI_OUTPUT | CLI_SEARCH | CLI_PICTURE |
                       CLI_SHRINK | CLI_STEPS,
                   argc, argv) ||
        !request_search(&options, &request))
        return CLI_USAGE;
    if (!explore(&request, &report, error, sizeof(error))) {
        cli_error("%s", error);
        explore_report_free(&report);
        return CLI_USAGE;
    }
    print_verdict(&request, &report);
    print_kinds(&report);
    if (report.worst < 0 && (options.emit_test != NULL || options.emit_test_fixed != NULL))
        (void)fputs("no test is written: there is nothing to show\n", stderr);
    int status = report.worst < 0 ? status_of(&report) : show_first(&options, &request, &report);

    explore_report_free(&report);
    return status;
}
