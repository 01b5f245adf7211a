#include <stdio.h>
#include <stdlib.h>

#include "cli/ci.h"
#include "cli/commands.h"
#include "cli/fairness.h"
#include "cli/report.h"
#include "cli/verdict.h"
#include "sim/explore/order_run.h"

/* Read --order, and find a schedule that keeps it.  Returns false after a message on standard
 * error.
 */
static bool take_order(const struct cli_options *options, struct schedule *schedule,
                       struct run_request *request)
{
    struct order_spec spec = {0};
    char error[2048];

    if (options->order == NULL)
        return true;
    if (options->policy != NULL || options->schedule != NULL) {
        cli_error("--order excludes --policy and --schedule");
        return false;
    }
    if (!order_spec_parse(&spec, options->order, error, sizeof(error))) {
        cli_error("--order: %s", error);
        return false;
    }
    bool found = order_find(request, &spec, schedule, error, sizeof(error));

    order_spec_free(&spec);
    if (!found)
        cli_error("--order cannot be kept: %s", error);
    request->policy = RUN_REPLAY;
    request->schedule = schedule;
    return found;
}

/* Run, twice if that is asked for.  differs: in words where the second run did something else, to
 * be freed; NULL: it did not.  NULL, or a trace and an error, as run_record. */
static struct trace *run_once_or_twice(const struct cli_options *options,
                                       const struct run_request *request, char **differs,
                                       char *error, size_t error_size)
{
    struct twice_difference difference;
    bool same = true;
    size_t size = 0;

    *differs = NULL;
    if (!options->check_determinism)
        return run_record(request, error, error_size);
    struct trace *trace = twice_run(request, &same, &difference, error, error_size);
    FILE *out = same ? NULL : open_memstream(differs, &size);

    if (out != NULL)
        verdict_differs(&difference, out);
    /* Without the words it would seem to be the same. */
    if (!same && (out == NULL || fclose(out) != 0))
        (void)snprintf(error, error_size,
                       "the program differs, and the machine ran out of memory for where");
    return trace;
}

/* Print and write all that is to be said of the run.  Returns an exit status. */
static int report_run(const struct cli_options *options, const struct trace *trace,
                      const char *differs)
{
    int status = report_print(trace);

    if (!fairness_print(trace, options->fairness, stderr))
        status = CLI_USAGE;
    const struct ci_case c = {.command = "run",
                              .name = trace->program,
                              .trace = trace,
                              .verdict = differs,
                              .inconclusive = differs != NULL,
                              .files = {options->png, options->svg, options->trace}};

    if (differs != NULL) {
        (void)fputs(differs, stderr);
        status = status == CLI_USAGE ? status : CLI_FOUND;
    } else if (options->check_determinism) {
        (void)fputs("deterministic: the same run twice, event by event\n", stderr);
    }
    return report_write(trace, options, NULL) && ci_write(options, &c, 1) ? status : CLI_USAGE;
}

static int run_and_report(const struct cli_options *options, struct run_request *request)
{
    char error[512];
    char *differs = NULL;
    struct printer printer;

    printer_init(&printer, options->times);
    request->also = &printer.sink;
    struct trace *trace = run_once_or_twice(options, request, &differs, error, sizeof(error));
    int status = CLI_USAGE;

    request->also = NULL;
    (void)fflush(stdout);
    if (trace == NULL || error[0] != '\0')
        cli_error("%s", error);
    else
        status = report_run(options, trace, differs);
    free(differs);
    trace_free(trace);
    return status;
}

int command_run(int argc, char **argv)
{
    struct cli_options options;
    struct run_request request;
    struct schedule schedule = {0};
    int status = CLI_USAGE;

    if (cli_parse(&options, "run",
                  CLI_PARAM | CLI_SCHEDULE | CLI_POLICY | CLI_LEVEL | CLI_OUTPUT | CLI_TIMES |
                      CLI_PICTURE | CLI_PART | CLI_STEPS | CLI_ORDER | CLI_FAIRNESS | CLI_CI |
                      CLI_TWICE,
                  argc, argv) &&
        cli_request(&options, &request) && cli_take_schedule(&options, &schedule, &request) &&
        take_order(&options, &schedule, &request))
        status = run_and_report(&options, &request);
    schedule_free(&schedule);
    return status;
}
