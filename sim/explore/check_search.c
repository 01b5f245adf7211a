/* Checks that search: what must hold under every schedule, or under many. */
#include "sim/explore/check.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/explore/check_tell.h"

enum {
    EXECUTIONS_MAX = 1000000,
    PLAIN_MAX = 100000, /* of every single schedule; then one of all that are alike */
};

/* Parameters from "threads=3 rounds=2". */
static bool set_params(struct run_request *request, const char *params, char *error,
                       size_t error_size)
{
    char *copy = strdup(params);
    char *save = NULL;
    bool ok = copy != NULL;

    if (!ok)
        (void)snprintf(error, error_size, "out of memory");
    for (char *word = ok ? strtok_r(copy, " ", &save) : NULL; ok && word != NULL;
         word = strtok_r(NULL, " ", &save))
        ok = run_request_set(request, word, error, error_size);
    free(copy);
    return ok;
}

static enum explore_policy policy_of(enum sim_search_how how)
{
    return how == SIM_SEARCH_RANDOM ? EXPLORE_RANDOM
           : how == SIM_SEARCH_PCT  ? EXPLORE_PCT
                                    : EXPLORE_DFS;
}

static bool request_init(struct explore_request *request, const struct sim_scenario *scenario,
                         const struct sim_search *search, char *error, size_t error_size)
{
    uint64_t limit = search->executions == 0 ? EXECUTIONS_MAX : search->executions;

    *request = (struct explore_request){
        .policy = policy_of(search->how),
        .max_preemptions = search->how == SIM_SEARCH_BOUNDED ? search->max_preemptions : -1,
        .max_delays = -1,
        .depth = search->depth,
        .max_executions = limit,
        .accept = search->accept};
    run_request_init(&request->run, scenario);
    request->run.seed = search->seed;
    if ((search->how == SIM_SEARCH_RANDOM || search->how == SIM_SEARCH_PCT) &&
        search->executions == 0) {
        (void)snprintf(error, error_size, "a search that draws schedules must say how many");
        return false;
    }
    if (search->depth > 64) {
        (void)snprintf(error, error_size, "a depth is 1 to 64, or 0 for 3; not %u", search->depth);
        return false;
    }
    return search->params == NULL || set_params(&request->run, search->params, error, error_size);
}

/* Run it.  All schedules are first run one by one; if they are too many, one of all that differ
 * only in the order of independent steps. */
static bool run_search(struct explore_request *request, const struct sim_search *search,
                       struct explore_report *report, char *error, size_t error_size)
{
    uint64_t limit = request->max_executions;
    bool all = search->how == SIM_SEARCH_ALL;

    if (all && limit > PLAIN_MAX)
        request->max_executions = PLAIN_MAX;
    if (!explore(request, report, error, error_size))
        return false;
    if (!all || limit <= PLAIN_MAX || report->worst >= 0 ||
        report->verdict != EXPLORE_INCONCLUSIVE || report->executions < PLAIN_MAX)
        return true;
    explore_report_free(report);
    request->policy = EXPLORE_DPOR;
    request->max_executions = limit;
    return explore(request, report, error, error_size);
}

/* Is that what was asked for? */
static bool is_worth(const struct sim_search *search, enum explore_verdict verdict)
{
    return verdict == EXPLORE_EXHAUSTED ||
           (verdict == EXPLORE_BOUNDED &&
            (search->how != SIM_SEARCH_ALL || search->accept_bounded)) ||
           (verdict == EXPLORE_SAMPLED && policy_of(search->how) != EXPLORE_DFS);
}

/* Say so if a search met a difference between two runs of one schedule. */
static bool repeats_itself(const struct sim_scenario *scenario, const struct explore_report *report)
{
    const struct explore_difference *difference = &report->difference;

    if (report->verdict != EXPLORE_NONDETERMINISTIC)
        return true;
    (void)fprintf(stderr, "%s: the program did not repeat itself under the same choices%s%s\n",
                  scenario->name, report->why[0] == '\0' ? "" : ": ", report->why);
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

static void say_worth(const struct sim_scenario *scenario, const struct explore_report *report)
{
    if (report->verdict == EXPLORE_BOUNDED)
        (void)fprintf(stderr,
                      "%s: nothing found, but not every schedule was run: bounded, %" PRIu64
                      " executions with %s (accept_bounded takes that for enough)\n",
                      scenario->name, report->executions, report->why);
    else
        (void)fprintf(stderr, "%s: inconclusive after %" PRIu64 " executions: %s\n", scenario->name,
                      report->executions, report->why);
}

static void fill(struct sim_search_result *result, const struct explore_report *report)
{
    *result = (struct sim_search_result){
        .verdict = report->verdict, .executions = report->executions, .worst = report->worst};
    (void)snprintf(result->why, sizeof(result->why), "%s", report->why);
}

bool sim_check_search(const struct sim_scenario *scenario, const struct sim_search *search,
                      struct sim_search_result *result)
{
    struct explore_request request;
    struct explore_report report = {.worst = SIM_CLEAN};
    struct sim_search_result unused;
    char error[256] = "";

    if (result == NULL)
        result = &unused;
    *result = (struct sim_search_result){.verdict = EXPLORE_INCONCLUSIVE, .worst = SIM_CLEAN};
    if (!request_init(&request, scenario, search, error, sizeof(error)) ||
        !run_search(&request, search, &report, error, sizeof(error))) {
        (void)fprintf(stderr, "%s: %s\n", scenario->name, error);
        (void)snprintf(result->why, sizeof(result->why), "%s", error);
        explore_report_free(&report);
        return false;
    }
    fill(result, &report);
    bool repeats = repeats_itself(scenario, &report);
    bool holds = repeats && report.worst < 0 && is_worth(search, report.verdict);

    if (repeats && report.worst >= 0) {
        (void)fprintf(stderr, "%s: %s, first in execution %" PRIu64 "\n", scenario->name,
                      sim_finding_name((unsigned)report.worst), report.kinds[report.worst].first);
        check_tell_found(&request.run, &report, report.worst);
    } else if (repeats && !holds) {
        say_worth(scenario, &report);
    }
    explore_report_free(&report);
    return holds;
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

bool sim_check_all(const struct sim_scenario *scenario)
{
    return sim_check_search(scenario, &(struct sim_search){.how = SIM_SEARCH_ALL}, NULL);
}

bool sim_check_bounded(const struct sim_scenario *scenario, int max_preemptions)
{
    struct sim_search search = {.how = SIM_SEARCH_BOUNDED, .max_preemptions = max_preemptions};

    return sim_check_search(scenario, &search, NULL);
}

bool sim_check_random(const struct sim_scenario *scenario, uint64_t seed, uint64_t executions)
{
    struct sim_search search = {.how = SIM_SEARCH_RANDOM, .seed = seed, .executions = executions};

    return sim_check_search(scenario, &search, NULL);
}

bool sim_check_pct(const struct sim_scenario *scenario, uint32_t depth, uint64_t executions)
{
    struct sim_search search = {.how = SIM_SEARCH_PCT, .depth = depth, .executions = executions};

    return sim_check_search(scenario, &search, NULL);
}

/* Search for one kind, and nothing else, with few preemptions first. */
static bool search_for(const struct sim_scenario *scenario, enum sim_finding_kind kind,
                       int max_preemptions, struct explore_report *report)
{
    struct explore_request request = {.policy = EXPLORE_PB,
                                      .max_preemptions = max_preemptions,
                                      .max_delays = -1,
                                      .max_executions = EXECUTIONS_MAX,
                                      .keep_going = true,
                                      .accept = ~(UINT64_C(1) << kind),
                                      .until = &kind};
    char error[256];

    run_request_init(&request.run, scenario);
    if (explore(&request, report, error, sizeof(error)))
        return true;
    (void)fprintf(stderr, "%s: %s\n", scenario->name, error);
    return false;
}

bool sim_expect_finding(const struct sim_scenario *scenario, enum sim_finding_kind kind)
{
    struct explore_report report;
    bool ran = search_for(scenario, kind, -1, &report);
    bool found = ran && report.kinds[kind].first != 0;

    if (ran && !found)
        (void)fprintf(stderr,
                      "%s: expected %s, and no schedule shows it: %" PRIu64 " executions, %s%s%s\n",
                      scenario->name, sim_finding_name(kind), report.executions,
                      report.verdict == EXPLORE_EXHAUSTED ? "which are all" : "not all: ",
                      report.verdict == EXPLORE_EXHAUSTED ? "" : report.why, "");
    explore_report_free(&report);
    return found;
}

bool sim_check_never(const struct sim_scenario *scenario, enum sim_finding_kind kind,
                     int max_preemptions)
{
    struct explore_report report;
    bool ran = search_for(scenario, kind, max_preemptions, &report);
    bool found = ran && report.kinds[kind].first != 0;
    bool repeats = ran && repeats_itself(scenario, &report);
    bool cut = repeats && report.verdict == EXPLORE_INCONCLUSIVE;

    if (found && repeats) {
        struct run_request run;

        run_request_init(&run, scenario);
        (void)fprintf(stderr, "%s: %s, first in execution %" PRIu64 "\n", scenario->name,
                      sim_finding_name(kind), report.kinds[kind].first);
        check_tell_found(&run, &report, (int)kind);
    } else if (cut) {
        (void)fprintf(stderr, "%s: inconclusive after %" PRIu64 " executions: %s\n", scenario->name,
                      report.executions, report.why);
    }
    explore_report_free(&report);
    return repeats && !found && !cut;
}
