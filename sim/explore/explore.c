#include "sim/explore/explore.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "sim/detect/detect.h"

struct search {
    const struct explore_request *request;
    struct explore_report *report;
    struct sim *sim;
    struct detectors *detectors;
    struct strategy *strategy;
};

static bool prepare(struct search *search)
{
    const struct explore_request *request = search->request;
    struct sim_config config = {.level = request->run.level, .max_steps = request->run.max_steps};

    search->strategy = strategy_new(request);
    search->sim = sim_new(&config);
    search->detectors = detectors_new();
    if (search->strategy == NULL || search->sim == NULL || search->detectors == NULL)
        return false;
    sim_set_policy(search->sim, search->strategy->policy);
    if (search->strategy->sink != NULL)
        (void)sim_add_sink(search->sim, search->strategy->sink);
    (void)sim_add_sink(search->sim, detectors_sink(search->detectors));
    return true;
}

/* Note what the last execution showed.  Returns false when out of memory. */
static bool tally(struct search *search)
{
    struct explore_report *report = search->report;
    size_t count = 0;

    if (!detectors_found(search->detectors))
        return true;
    const struct sim_finding *findings = detectors_findings(search->detectors, &count);

    for (size_t i = 0; i < count; i++) {
        struct explore_kind *kind = &report->kinds[findings[i].kind];
        bool error = sim_finding_is_error(findings[i].kind) != 0;

        /* Findings of a kind stand together: count each kind once. */
        if (i > 0 && findings[i - 1].kind == findings[i].kind)
            continue;
        kind->executions++;
        if (kind->first != 0)
            continue;
        kind->first = report->executions;
        if (!schedule_copy(&kind->schedule, sim_schedule(search->sim)))
            return false;
        if (report->worst < 0 || (error && !sim_finding_is_error((unsigned)report->worst)))
            report->worst = findings[i].kind;
    }
    return true;
}

static void judge(const struct search *search, bool complete)
{
    const struct strategy *strategy = search->strategy;
    struct explore_report *report = search->report;

    if (strategy->nondeterministic) {
        report->verdict = EXPLORE_INCONCLUSIVE;
        (void)snprintf(report->why, sizeof(report->why),
                       "the program did not repeat itself under the same choices");
    } else if (report->cut_short > 0 && !strategy->samples) {
        report->verdict = EXPLORE_INCONCLUSIVE;
        (void)snprintf(report->why, sizeof(report->why),
                       "%" PRIu64 " executions reached a limit on steps or memory",
                       report->cut_short);
    } else {
        report->verdict =
            strategy->ops->judge(strategy, complete, report->why, sizeof(report->why));
        if (report->verdict == EXPLORE_INCONCLUSIVE && report->why[0] == '\0')
            (void)snprintf(report->why, sizeof(report->why), "the limit of %" PRIu64 " executions",
                           report->executions);
    }
}

/* Has the search found what it is for? */
static bool enough(const struct search *search)
{
    const struct explore_request *request = search->request;
    int worst = search->report->worst;

    if (request->until != NULL)
        return search->report->kinds[*request->until].first != 0;
    return !request->keep_going && worst >= 0 && sim_finding_is_error((unsigned)worst);
}

/* Returns false when out of memory. */
static bool run_all(struct search *search)
{
    const struct sim_scenario *scenario = search->request->run.scenario;
    struct explore_report *report = search->report;
    struct strategy *strategy = search->strategy;
    uint64_t limit = search->request->max_executions;
    bool more = true;

    if (limit == 0)
        limit = strategy->default_runs;
    while (more && (limit == 0 || report->executions < limit)) {
        int64_t params[SIM_PARAMS_MAX];

        memcpy(params, search->request->run.params, sizeof(params));
        enum sim_outcome outcome =
            (scenario->async ? sim_run_async : sim_run)(search->sim, scenario->main, params);

        if (outcome == SIM_OUTCOME_DIVERGED) {
            more = strategy->ops->next(strategy, outcome);
            if (strategy->out_of_memory)
                return false;
            continue;
        }
        report->executions++;
        report->cut_short += outcome == SIM_OUTCOME_STEPS || outcome == SIM_OUTCOME_MEMORY;
        if (!tally(search))
            return false;
        if (enough(search)) {
            report->verdict = EXPLORE_STOPPED;
            return true;
        }
        more = strategy->ops->next(strategy, outcome);
        if (strategy->out_of_memory)
            return false;
    }
    judge(search, !more);
    return true;
}

bool explore(const struct explore_request *request, struct explore_report *report, char *error,
             size_t error_size)
{
    struct search search = {.request = request, .report = report};

    *report = (struct explore_report){.worst = -1};
    bool ok = prepare(&search) && run_all(&search);

    if (!ok)
        (void)snprintf(error, error_size, "out of memory after %" PRIu64 " executions",
                       report->executions);
    if (search.strategy != NULL)
        search.strategy->ops->free(search.strategy);
    detectors_free(search.detectors);
    sim_free(search.sim);
    return ok;
}

void explore_report_free(struct explore_report *report)
{
    for (int i = 0; i < SIM_FINDING_COUNT; i++)
        schedule_free(&report->kinds[i].schedule);
}
