#include "sim/explore/run.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/detect/detect.h"
#include "sim/explore/freedom.h"
#include "sim/explore/probe.h"
#include "sim/policy/announced.h"
#include "sim/policy/guided.h"
#include "sim/policy/random.h"
#include "sim/policy/replay.h"
#include "sim/policy/round_robin.h"
#include "sim/trace/recorder.h"

int scenario_param_count(const struct sim_scenario *scenario)
{
    int count = 0;

    while (count < SIM_PARAMS_MAX && scenario->params[count].name != NULL)
        count++;
    return count;
}

void run_request_init(struct run_request *request, const struct sim_scenario *scenario)
{
    *request = (struct run_request){.scenario = scenario,
                                    .level = scenario->level,
                                    .time = scenario->time,
                                    .early = scenario->early,
                                    .cancel = scenario->cancel,
                                    .max_steps = scenario->max_steps,
                                    .max_memory = scenario->max_memory};
    for (int i = 0; i < SIM_PARAMS_MAX; i++)
        request->params[i] = scenario->params[i].value;
}

struct sim_config run_config(const struct run_request *request)
{
    return (struct sim_config){.level = request->level,
                               .time = request->time,
                               .early = request->early,
                               .cancel = request->cancel,
                               .max_steps = request->max_steps,
                               .max_memory = request->max_memory};
}

static const struct sim_param *find_param(const struct sim_scenario *scenario, const char *name,
                                          size_t length)
{
    for (int i = 0; i < scenario_param_count(scenario); i++)
        if (strlen(scenario->params[i].name) == length &&
            memcmp(scenario->params[i].name, name, length) == 0)
            return &scenario->params[i];
    return NULL;
}

bool run_request_set(struct run_request *request, const char *assignment, char *error,
                     size_t error_size)
{
    const struct sim_scenario *scenario = request->scenario;
    const char *equals = strchr(assignment, '=');

    if (equals == NULL || equals == assignment) {
        (void)snprintf(error, error_size, "parameter '%s': expected NAME=VALUE", assignment);
        return false;
    }
    const struct sim_param *param = find_param(scenario, assignment, (size_t)(equals - assignment));

    if (param == NULL) {
        (void)snprintf(error, error_size, "scenario %s has no parameter '%.*s'", scenario->name,
                       (int)(equals - assignment), assignment);
        return false;
    }
    char *end = NULL;

    errno = 0;
    long long value = strtoll(equals + 1, &end, 10);

    if (errno != 0 || end == equals + 1 || *end != '\0' || value < param->min ||
        value > param->max) {
        (void)snprintf(error, error_size,
                       "parameter %s: '%s' is not a whole number from %" PRId64 " to %" PRId64,
                       param->name, equals + 1, param->min, param->max);
        return false;
    }
    request->params[param - scenario->params] = value;
    return true;
}

void run_request_params(const struct run_request *request, char *out, size_t size)
{
    size_t used = 0;

    out[0] = '\0';
    for (int i = 0; i < scenario_param_count(request->scenario); i++) {
        const struct sim_param *param = &request->scenario->params[i];

        if (request->params[i] == param->value || used >= size)
            continue;
        int length = snprintf(out + used, size - used, "%s%s=%" PRId64, used > 0 ? " " : "",
                              param->name, request->params[i]);

        used += length > 0 ? (size_t)length : 0;
    }
}

/* What one run needs; everything is freed together. */
struct bench {
    struct sim *sim;
    struct detectors *detectors;
    struct probe *probe;
    struct trace *trace;
    struct recorder recorder;
    struct policy round_robin;
    struct policy_random random;
    struct policy_replay replay;
    struct policy_guided guided;
};

static struct policy *choose_policy(struct bench *bench, const struct run_request *request)
{
    char *name = bench->trace->policy;

    switch (request->policy) {
    case RUN_ROUND_ROBIN:
        policy_round_robin_init(&bench->round_robin);
        (void)snprintf(name, TRACE_META_MAX, "round-robin");
        return &bench->round_robin;
    case RUN_RANDOM:
        policy_random_init(&bench->random, request->seed, 0);
        (void)snprintf(name, TRACE_META_MAX, "random seed=%" PRIu64, request->seed);
        return &bench->random.policy;
    case RUN_REPLAY:
        policy_replay_init(&bench->replay, request->schedule);
        (void)snprintf(name, TRACE_META_MAX, "replay");
        return &bench->replay.policy;
    case RUN_GUIDED:
        policy_guided_init(&bench->guided, request->schedule, NULL);
        (void)snprintf(name, TRACE_META_MAX, "guided");
        return &bench->guided.policy;
    case RUN_OWN:
        (void)snprintf(name, TRACE_META_MAX, "replay");
        return request->own;
    case RUN_FIFO:
    default:
        (void)snprintf(name, TRACE_META_MAX, "fifo");
        return NULL;
    }
}

static bool prepare(struct bench *bench, const struct run_request *request)
{
    struct sim_config config = run_config(request);

    bench->sim = sim_new(&config);
    bench->detectors = detectors_new();
    bench->trace = trace_new();
    if (bench->sim == NULL || bench->detectors == NULL || bench->trace == NULL)
        return false;
    recorder_init(&bench->recorder, bench->trace);
    struct policy *policy = choose_policy(bench, request);

    if (request->announced != NULL) {
        policy_announced_init(request->announced, policy);
        policy = &request->announced->policy;
    }
    sim_set_policy(bench->sim, policy);
    (void)sim_add_sink(bench->sim, &bench->recorder.sink);
    (void)sim_add_sink(bench->sim, detectors_sink(bench->detectors));
    if (request->also != NULL)
        (void)sim_add_sink(bench->sim, request->also);
    if (request->own_sink != NULL)
        (void)sim_add_sink(bench->sim, request->own_sink);
    return true;
}

static bool examine(struct bench *bench)
{
    size_t count = 0;
    const struct sim_finding *findings = detectors_findings(bench->detectors, &count);

    for (size_t i = 0; i < count; i++)
        if (!trace_add_finding(bench->trace, &findings[i]))
            return false;
    return schedule_copy(&bench->trace->schedule, sim_schedule(bench->sim));
}

static void say_where(const struct bench *bench, char *error, size_t error_size)
{
    const struct policy_replay *replay = &bench->replay;
    const struct policy_guided *guided = &bench->guided;
    uint32_t step = sim_steps(bench->sim);

    if (replay->too_short)
        (void)snprintf(error, error_size,
                       "the schedule ends before the run does: choice %u, after step %u, has %u "
                       "options and no answer",
                       replay->index + 1, step, replay->offered);
    else
        (void)snprintf(error, error_size,
                       "the run differs from the schedule: choice %u, after step %u, has %u "
                       "options, and the schedule takes number %u",
                       (guided->diverged ? guided->index : replay->index) + 1, step,
                       guided->diverged ? guided->offered : replay->offered,
                       guided->diverged ? guided->recorded : replay->recorded);
}

static void say_freedom(struct trace *trace, const struct run_request *request)
{
    (void)snprintf(trace->level, sizeof(trace->level), "%s", freedom_level_name(request->level));
    (void)snprintf(trace->time, sizeof(trace->time), "%s", freedom_time_name(request->time));
    trace->early = request->early;
    trace->max_memory = request->max_memory & INT64_MAX;
    (void)snprintf(trace->cancel, sizeof(trace->cancel), "%s",
                   request->cancel == NULL ? "" : request->cancel);
}

struct trace *run_record(const struct run_request *request, char *error, size_t error_size)
{
    struct bench bench = {0};
    struct trace *trace = NULL;
    int64_t params[SIM_PARAMS_MAX];

    error[0] = '\0';
    memcpy(params, request->params, sizeof(params));
    if (!prepare(&bench, request)) {
        (void)snprintf(error, error_size, "out of memory");
        goto out;
    }
    (void)snprintf(bench.trace->program, TRACE_META_MAX, "%s", request->scenario->name);
    run_request_params(request, bench.trace->params, TRACE_META_MAX);
    say_freedom(bench.trace, request);
    enum sim_outcome outcome = (request->scenario->async ? sim_run_async : sim_run)(
        bench.sim, request->scenario->main, params);

    if (outcome == SIM_OUTCOME_STUCK &&
        !probe_waiters(&bench.probe, request, sim_schedule(bench.sim), bench.detectors))
        outcome = SIM_OUTCOME_NO_MEMORY;
    if (outcome == SIM_OUTCOME_NO_MEMORY || !examine(&bench)) {
        (void)snprintf(error, error_size, "the machine ran out of memory, at step %u of the run",
                       sim_steps(bench.sim));
        goto out;
    }
    if (outcome == SIM_OUTCOME_DIVERGED && request->policy != RUN_OWN)
        say_where(&bench, error, error_size);
    else if ((request->policy == RUN_REPLAY || request->policy == RUN_GUIDED) &&
             sim_schedule(bench.sim)->count < request->schedule->count)
        (void)snprintf(error, error_size,
                       "the run ended after %zu choices, and the schedule has %zu",
                       sim_schedule(bench.sim)->count, request->schedule->count);
    trace = bench.trace;
    bench.trace = NULL;
out:
    trace_free(bench.trace);
    detectors_free(bench.detectors);
    probe_free(bench.probe);
    sim_free(bench.sim);
    return trace;
}
