#include <stdio.h>
#include <stdlib.h>

#include "cli/commands.h"
#include "cli/report.h"

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

    if (!report_write(trace, options))
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
                      CLI_PICTURE | CLI_STEPS,
                  argc, argv) &&
        cli_request(&options, &request) && cli_take_schedule(&options, &schedule, &request))
        status = run_and_report(&options, &request);
    schedule_free(&schedule);
    return status;
}
