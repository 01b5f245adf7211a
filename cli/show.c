#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/commands.h"
#include "cli/report.h"
#include "scenarios/scenarios.h"
#include "sim/trace/file.h"

#ifdef PICKGLASS_HAVE_WINDOW
#include "cli/what_if.h"
#include "render/window.h"

/* A scenario is run; anything else is the name of a trace file. */
static struct trace *obtain(const struct cli_options *options, char *error, size_t error_size)
{
    struct run_request request;
    struct schedule schedule = {0};
    struct trace *trace = NULL;

    if (scenario_find(options->subject) == NULL)
        return trace_read(options->subject, error, error_size);
    error[0] = '\0';
    if (!cli_request(options, &request))
        return NULL;
    if (!cli_take_schedule(options, &schedule, &request))
        return NULL;
    /* What asyncio would do is no choice while nobody is asked; here each shall be there to be
     * taken otherwise. */
    bool asked = request.policy == RUN_FIFO && request.level == SIM_LEVEL_ANY;

    if (asked) {
        request.policy = RUN_GUIDED;
        request.schedule = &schedule;
    }
    trace = run_record(&request, error, error_size);
    if (trace != NULL && asked)
        (void)snprintf(trace->policy, sizeof(trace->policy), "fifo");
    schedule_free(&schedule);
    if (trace != NULL && error[0] != '\0') {
        trace_free(trace);
        trace = NULL;
    }
    return trace;
}

static int show(const struct cli_options *options)
{
    char error[512] = "";
    struct trace *trace = obtain(options, error, sizeof(error));

    if (trace == NULL) {
        if (error[0] != '\0')
            cli_error("%s", error);
        return CLI_USAGE;
    }
    char *replay = report_replay_line(trace);
    struct render_options picture = report_picture(options, replay);
    struct what_if *what_if = malloc(sizeof(*what_if));

    if (what_if != NULL)
        what_if_init(what_if, options->max_steps);
    int status = window_show(trace, &picture, what_if == NULL ? NULL : &what_if->window,
                             options->dump_state, error, sizeof(error)) == 0
                     ? CLI_CLEAN
                     : CLI_USAGE;

    if (status != CLI_CLEAN)
        cli_error("%s", error);
    free(what_if);
    free(replay);
    trace_free(trace);
    return status;
}
#else
static int show(const struct cli_options *options)
{
    (void)options;
    cli_error("this pickglass was built without a window; 'pickglass render' draws pictures");
    return CLI_USAGE;
}
#endif

int command_show(int argc, char **argv)
{
    struct cli_options options;

    if (!cli_parse(&options, "show",
                   CLI_PARAM | CLI_SCHEDULE | CLI_POLICY | CLI_LEVEL | CLI_PICTURE | CLI_STEPS |
                       CLI_STATE,
                   argc, argv))
        return CLI_USAGE;
    return show(&options);
}
