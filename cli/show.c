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

/* Run the scenario.  With --explore, --policy is that of the search. */
static struct trace *run_scenario(const struct cli_options *options, struct schedule *schedule,
                                  char *error, size_t error_size)
{
    struct cli_options plain = *options;
    struct run_request request;

    if (options->explore)
        plain.policy = options->schedule == NULL ? NULL : "guided";
    if (!cli_request(&plain, &request) || !cli_take_schedule(&plain, schedule, &request))
        return NULL;
    /* What asyncio would do is no choice while nobody is asked; here each shall be there to be
     * taken otherwise. */
    bool asked = request.policy == RUN_FIFO && request.level == SIM_LEVEL_ANY;

    if (asked) {
        request.policy = RUN_GUIDED;
        request.schedule = schedule;
    }
    struct trace *trace = run_record(&request, error, error_size);

    if (trace != NULL && asked)
        (void)snprintf(trace->policy, sizeof(trace->policy), "fifo");
    if (trace != NULL && error[0] != '\0') {
        trace_free(trace);
        trace = NULL;
    }
    return trace;
}

/* A scenario is run; anything else is the name of a trace file. */
static struct trace *obtain(const struct cli_options *options, struct schedule *schedule,
                            char *error, size_t error_size)
{
    return scenario_find(options->subject) == NULL
               ? trace_read(options->subject, error, error_size)
               : run_scenario(options, schedule, error, error_size);
}

/* How the tree of choices is explored.  Returns false after a message. */
static bool request_search(const struct cli_options *options, const struct schedule *schedule,
                           struct explore_request *search)
{
    if (options->explore && options->policy != NULL)
        search->policy = explore_policy_named(options->policy);
    if (search->policy == EXPLORE_POLICY_COUNT) {
        cli_error("--policy: '%s' is no policy of a search; see 'pickglass help explore'",
                  options->policy);
        return false;
    }
    if (options->explore && schedule->count > 0)
        search->prefix = schedule;
    search->max_preemptions = (int)options->preemptions;
    search->max_delays = (int)options->delays;
    search->depth = (uint32_t)options->depth;
    search->run.seed = options->seed;
    if (options->executions != 0)
        search->max_executions = options->executions;
    return true;
}

static bool show_trace(const struct cli_options *options, const struct trace *trace,
                       struct what_if *what_if, char *error, size_t error_size)
{
    char *replay = report_replay_line(trace);
    struct render_options picture = report_picture(options, replay);
    const struct window_wishes wishes = {
        .options = &picture,
        .lab = &what_if->window,
        .state_path = options->dump_state,
        .scale = (double)options->window_scale / 100,
        .explore = options->explore,
    };
    bool ok = render_has(trace, &picture, error, error_size) &&
              window_show(trace, &wishes, error, error_size) == 0;

    free(replay);
    return ok;
}

static int show(const struct cli_options *options)
{
    char error[512] = "";
    struct schedule schedule = {0};
    struct what_if *what_if = malloc(sizeof(*what_if));
    struct trace *trace = NULL;
    bool ok = what_if != NULL;

    if (ok) {
        what_if_init(what_if, options->max_steps, options->max_memory);
        trace = obtain(options, &schedule, error, sizeof(error));
        ok = trace != NULL && request_search(options, &schedule, &what_if->search) &&
             show_trace(options, trace, what_if, error, sizeof(error));
    } else {
        (void)snprintf(error, sizeof(error), "out of memory");
    }
    if (!ok && error[0] != '\0')
        cli_error("%s", error);
    trace_free(trace);
    schedule_free(&schedule);
    free(what_if);
    return ok ? CLI_CLEAN : CLI_USAGE;
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
                       CLI_STATE | CLI_PART | CLI_EXPLORE,
                   argc, argv))
        return CLI_USAGE;
    return show(&options);
}
