#include <stdio.h>
#include <stdlib.h>

#include "cli/ci.h"
#include "cli/commands.h"
#include "cli/report.h"
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

static int run_and_report(const struct cli_options *options, struct run_request *request)
{
    char error[512];
    struct printer printer;

    printer_init(&printer, options->times);
    request->also = &printer.sink;
    struct trace *trace = run_record(request, error, sizeof(error));

    request->also = NULL;
    (void)fflush(stdout);
    if (trace == NULL || error[0] != '\0') {
        cli_error("%s", error);
        trace_free(trace);
        return CLI_USAGE;
    }
    int status = report_print(trace);

    const struct ci_case c = {.command = "run",
                              .name = trace->program,
                              .trace = trace,
                              .files = {options->png, options->svg, options->trace}};

    if (!report_write(trace, options) || !ci_write(options, &c, 1))
        status = CLI_USAGE;
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
                      CLI_PICTURE | CLI_PART | CLI_STEPS | CLI_ORDER | CLI_CI,
                  argc, argv) &&
        cli_request(&options, &request) && cli_take_schedule(&options, &schedule, &request) &&
        take_order(&options, &schedule, &request))
        status = run_and_report(&options, &request);
    schedule_free(&schedule);
    return status;
}
