#include "sim/explore/check.h"

#include <inttypes.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#include "sim/detect/explain.h"
#include "sim/explore/explore.h"
#include "sim/explore/order_run.h"
#include "sim/explore/shrink.h"
#include "sim/trace/file.h"

enum { EXECUTIONS_MAX = 1000000 };

extern char **environ;

/* Draw the trace with the program, if it can be run: the library itself knows no pictures. */
static void draw(const char *trace_path, const char *png_path)
{
    const char *program = getenv("PICKGLASS");
    char *argv[] = {NULL,         strdup("render"), strdup(trace_path),
                    strdup("-o"), strdup(png_path), NULL};
    pid_t child = 0;
    int status = 0;

    argv[0] = strdup(program == NULL ? "pickglass" : program);
    bool complete = true;

    for (int i = 0; i < 5; i++)
        complete &= argv[i] != NULL;
    if (!complete || posix_spawnp(&child, argv[0], NULL, NULL, argv, environ) != 0 ||
        waitpid(child, &status, 0) != child || status != 0)
        (void)fprintf(stderr, "no picture: '%s render' could not be run; set PICKGLASS to it\n",
                      argv[0] == NULL ? "pickglass" : argv[0]);
    else
        (void)fprintf(stderr, "picture: %s\n", png_path);
    for (int i = 0; i < 5; i++)
        free(argv[i]);
}

static void leave_files(const struct trace *trace)
{
    const char *dir = getenv("PICKGLASS_OUT");
    char path[1024];
    char picture[1024];
    char error[1280];

    if (dir == NULL || dir[0] == '\0')
        return;
    (void)snprintf(path, sizeof(path), "%s/%s.trace", dir, trace->program);
    (void)snprintf(picture, sizeof(picture), "%s/%s.png", dir, trace->program);
    if (!trace_write(trace, path, error, sizeof(error))) {
        (void)fprintf(stderr, "%s\n", error);
        return;
    }
    (void)fprintf(stderr, "trace: %s\n", path);
    draw(path, picture);
}

/* Explain a run, say how to see it again, and leave its files. */
static void tell(const struct trace *trace)
{
    char *text = explain_format(trace);
    char *schedule = schedule_format(&trace->schedule);

    (void)fprintf(stderr, "%sreplay: sim_check_schedule(&%s, \"%s\")\n", text == NULL ? "" : text,
                  trace->program, schedule == NULL ? "?" : schedule);
    free(text);
    free(schedule);
    leave_files(trace);
}

/* Run once under a schedule.  NULL after a message. */
static struct trace *run_once(const struct sim_scenario *scenario, const struct schedule *schedule)
{
    struct run_request request;
    char error[512];

    run_request_init(&request, scenario);
    request.policy = RUN_REPLAY;
    request.schedule = schedule;
    struct trace *trace = run_record(&request, error, sizeof(error));

    if (trace != NULL && error[0] == '\0')
        return trace;
    (void)fprintf(stderr, "%s: %s\n", scenario->name, error);
    trace_free(trace);
    return NULL;
}

/* Run once under a schedule given as text.  NULL after a message. */
static struct trace *run_text(const struct sim_scenario *scenario, const char *text)
{
    struct schedule schedule = {0};
    char error[256];
    struct trace *trace = NULL;

    if (schedule_parse(&schedule, text, error, sizeof(error)))
        trace = run_once(scenario, &schedule);
    else
        (void)fprintf(stderr, "%s: schedule: %s\n", scenario->name, error);
    schedule_free(&schedule);
    return trace;
}

/* Say which order of named events shows the first finding of a kind. */
static void tell_order(const struct sim_scenario *scenario, const struct trace *trace, int kind)
{
    struct run_request request;
    struct shrink_target target;
    struct order_spec spec = {0};
    size_t i = 0;

    while (i < trace->finding_count && trace->findings[i].kind != kind)
        i++;
    if (i == trace->finding_count)
        return;
    run_request_init(&request, scenario);
    shrink_target_of(&target, trace->registry, &trace->findings[i]);
    if (order_explain(&request, &trace->schedule, &target, &spec) && spec.pair_count > 0) {
        char *text = order_spec_format(&spec);

        (void)fprintf(stderr, "order: %s\n", text == NULL ? "?" : text);
        free(text);
    }
    order_spec_free(&spec);
}

static void tell_first(const struct sim_scenario *scenario, struct explore_report *report, int kind)
{
    struct schedule *schedule = &report->kinds[kind].schedule;
    struct run_request request;
    struct shrink_report small;
    char error[256];

    (void)fprintf(stderr, "%s: %s, first in execution %" PRIu64 "\n", scenario->name,
                  sim_finding_name((unsigned)kind), report->kinds[kind].first);
    run_request_init(&request, scenario);
    if (shrink(&request, schedule, (enum sim_finding_kind)kind, 0, &small, error, sizeof(error)))
        (void)schedule_copy(schedule, &small.schedule);
    shrink_report_free(&small);
    struct trace *trace = run_once(scenario, schedule);

    if (trace != NULL) {
        tell(trace);
        tell_order(scenario, trace, kind);
    }
    trace_free(trace);
}

/* Hold that a search met no difference between two runs of one schedule. */
static bool repeats_itself(const struct sim_scenario *scenario, const struct explore_report *report)
{
    const struct explore_difference *difference = &report->difference;

    if (report->verdict != EXPLORE_NONDETERMINISTIC)
        return true;
    (void)fprintf(stderr, "%s: the program did not repeat itself under the same choices\n",
                  scenario->name);
    if (difference->execution == 0)
        return false;
    char *schedule = schedule_format(&difference->schedule);

    (void)fprintf(stderr,
                  "first at step %u of the run under %s\n  the first time:  %s\n  the second "
                  "time: %s\n",
                  difference->at.step, schedule == NULL ? "?" : schedule, difference->at.first,
                  difference->at.second);
    free(schedule);
    return false;
}

/* Search, and hold that nothing is found, in a search that was not cut short. */
static bool search_clean(const struct sim_scenario *scenario, struct explore_request *request)
{
    struct explore_report report;
    char error[256];

    uint64_t seed = request->run.seed;

    run_request_init(&request->run, scenario);
    request->run.seed = seed;
    if (!explore(request, &report, error, sizeof(error))) {
        (void)fprintf(stderr, "%s: %s\n", scenario->name, error);
        explore_report_free(&report);
        return false;
    }
    bool repeats = repeats_itself(scenario, &report);
    bool clean = repeats && report.worst < 0 && report.verdict != EXPLORE_INCONCLUSIVE;

    if (repeats && report.worst >= 0)
        tell_first(scenario, &report, report.worst);
    else if (repeats && !clean)
        (void)fprintf(stderr, "%s: inconclusive after %" PRIu64 " executions: %s\n", scenario->name,
                      report.executions, report.why);
    explore_report_free(&report);
    return clean;
}

bool sim_check_all(const struct sim_scenario *scenario)
{
    return sim_check_bounded(scenario, -1);
}

bool sim_check_bounded(const struct sim_scenario *scenario, int max_preemptions)
{
    struct explore_request request = {.policy = EXPLORE_DFS,
                                      .max_preemptions = max_preemptions,
                                      .max_executions = EXECUTIONS_MAX};

    return search_clean(scenario, &request);
}

bool sim_check_random(const struct sim_scenario *scenario, uint64_t seed, uint64_t executions)
{
    struct explore_request request = {
        .policy = EXPLORE_RANDOM, .max_preemptions = -1, .max_executions = executions};

    request.run.seed = seed;
    return search_clean(scenario, &request);
}

bool sim_check_deterministic(const struct sim_scenario *scenario, uint64_t seed,
                             uint64_t executions)
{
    struct explore_request request = {.policy = EXPLORE_RANDOM,
                                      .max_preemptions = -1,
                                      .max_executions = executions,
                                      .keep_going = true,
                                      .twice = true};
    struct explore_report report;
    char error[256];

    run_request_init(&request.run, scenario);
    request.run.seed = seed;
    bool ok = explore(&request, &report, error, sizeof(error));

    if (!ok)
        (void)fprintf(stderr, "%s: %s\n", scenario->name, error);
    ok = ok && repeats_itself(scenario, &report);
    explore_report_free(&report);
    return ok;
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
        tell(trace);
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
        holds = shows(scenario, run_once(scenario, &schedule), expected);
    schedule_free(&schedule);
    order_spec_free(&spec);
    return holds;
}

bool sim_check_some(const struct sim_scenario *scenario, enum sim_finding_kind kind)
{
    struct explore_request request = {.policy = EXPLORE_DFS,
                                      .max_preemptions = -1,
                                      .max_executions = EXECUTIONS_MAX,
                                      .keep_going = true,
                                      .until = &kind};
    struct explore_report report;
    char error[256];

    run_request_init(&request.run, scenario);
    bool ok = explore(&request, &report, error, sizeof(error));

    if (!ok)
        (void)fprintf(stderr, "%s: %s\n", scenario->name, error);
    else if (report.kinds[kind].first == 0)
        (void)fprintf(stderr, "%s: no %s in %" PRIu64 " executions\n", scenario->name,
                      sim_finding_name(kind), report.executions);
    ok = ok && report.kinds[kind].first != 0;
    explore_report_free(&report);
    return ok;
}

bool sim_check_never(const struct sim_scenario *scenario, enum sim_finding_kind kind,
                     int max_preemptions)
{
    struct explore_request request = {.policy = EXPLORE_DFS,
                                      .max_preemptions = max_preemptions,
                                      .max_executions = EXECUTIONS_MAX,
                                      .keep_going = true,
                                      .until = &kind};
    struct explore_report report;
    char error[256];

    run_request_init(&request.run, scenario);
    bool ok = explore(&request, &report, error, sizeof(error));

    if (!ok)
        (void)fprintf(stderr, "%s: %s\n", scenario->name, error);
    else if (report.kinds[kind].first != 0)
        tell_first(scenario, &report, (int)kind);
    else if (report.verdict == EXPLORE_INCONCLUSIVE)
        (void)fprintf(stderr, "%s: inconclusive after %" PRIu64 " executions: %s\n", scenario->name,
                      report.executions, report.why);
    ok = ok && repeats_itself(scenario, &report) && report.kinds[kind].first == 0 &&
         report.verdict != EXPLORE_INCONCLUSIVE;
    explore_report_free(&report);
    return ok;
}
