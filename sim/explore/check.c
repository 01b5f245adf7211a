#include "sim/explore/check.h"

#include <stdio.h>

#include "sim/explore/check_tell.h"
#include "sim/explore/order_run.h"

/* Run once under a schedule given as text.  NULL after a message. */
static struct trace *run_text(const struct sim_scenario *scenario, const char *text)
{
    struct run_request request;
    struct schedule schedule = {0};
    char error[256];
    struct trace *trace = NULL;

    run_request_init(&request, scenario);
    if (schedule_parse(&schedule, text, error, sizeof(error)))
        trace = check_run(&request, &schedule);
    else
        (void)fprintf(stderr, "%s: schedule: %s\n", scenario->name, error);
    schedule_free(&schedule);
    return trace;
}

static bool has_kind(const struct trace *trace, int kind)
{
    for (size_t i = 0; i < trace->finding_count; i++)
        if (trace->findings[i].kind == kind)
            return true;
    return false;
}

/* Hold that a run shows what is expected of it, and free it. */
static bool shows(const struct sim_scenario *scenario, struct trace *trace, int expected)
{
    bool clean = trace != NULL && trace->finding_count == 0;
    bool as_expected = trace != NULL && (expected == SIM_CLEAN ? clean : has_kind(trace, expected));

    if (trace != NULL && !as_expected) {
        (void)fprintf(stderr, "%s: expected %s\n", scenario->name,
                      expected == SIM_CLEAN ? "no finding" : sim_finding_name((unsigned)expected));
        check_tell(trace);
    }
    trace_free(trace);
    return as_expected;
}

bool sim_check_schedule(const struct sim_scenario *scenario, const char *schedule)
{
    return shows(scenario, run_text(scenario, schedule), SIM_CLEAN);
}

bool sim_check_finds(const struct sim_scenario *scenario, const char *schedule,
                     enum sim_finding_kind kind)
{
    return shows(scenario, run_text(scenario, schedule), (int)kind);
}

bool sim_check_order(const struct sim_scenario *scenario, const char *order, int expected)
{
    struct run_request request;
    struct order_spec spec = {0};
    struct schedule schedule = {0};
    char error[2048];
    bool holds = false;

    run_request_init(&request, scenario);
    if (!order_spec_parse(&spec, order, error, sizeof(error)))
        (void)fprintf(stderr, "%s: order: %s\n", scenario->name, error);
    else if (!order_find(&request, &spec, &schedule, error, sizeof(error)))
        (void)fprintf(stderr, "%s: the order cannot be kept: %s\n", scenario->name, error);
    else
        holds = shows(scenario, check_run(&request, &schedule), expected);
    schedule_free(&schedule);
    order_spec_free(&spec);
    return holds;
}
