#include "sim/explore/explore.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "sim/detect/detect.h"
#include "sim/policy/dfs.h"
#include "sim/policy/random.h"

enum { DEFAULT_SAMPLES = 1000 };

struct search {
    const struct explore_request *request;
    struct explore_report *report;
    struct sim *sim;
    struct detectors *detectors;
    struct policy_dfs dfs;
    struct policy_random random;
};

static bool prepare(struct search *search)
{
    const struct explore_request *request = search->request;
    struct sim_config config = {.level = request->run.level, .max_steps = request->run.max_steps};

    policy_dfs_init(&search->dfs, request->max_preemptions);
    policy_random_init(&search->random, request->run.seed, 0);
    search->sim = sim_new(&config);
    search->detectors = detectors_new();
    if (search->sim == NULL || search->detectors == NULL)
        return false;
    sim_set_policy(search->sim,
                   request->policy == EXPLORE_DFS ? &search->dfs.policy : &search->random.policy);
    /* Only kinds are counted here: what is found is told by another run. */
    detectors_sink(search->detectors)->wordless = true;
    (void)sim_add_sink(search->sim, detectors_sink(search->detectors));
    return true;
}

/* Note that a kind was seen; errors come before hazards.  Returns false when out of memory. */
static bool tally_kind(struct search *search, int found, bool error)
{
    struct explore_report *report = search->report;
    struct explore_kind *kind = &report->kinds[found];

    kind->executions++;
    if (kind->first != 0)
        return true;
    kind->first = report->executions;
    if (report->worst < 0 || (error && !sim_finding_is_error((unsigned)report->worst)))
        report->worst = found;
    return schedule_copy(&kind->schedule, sim_schedule(search->sim));
}

/* Note what the last execution showed.  Returns false when out of memory. */
static bool tally(struct search *search)
{
    static const uint64_t errors = 0
#define ERROR_BIT(id, name, badge, error) | (uint64_t)(error) << (id)
        SIM_FINDINGS(ERROR_BIT)
#undef ERROR_BIT
        ;
    uint64_t kinds = detectors_kinds(search->detectors);

    for (uint64_t left = kinds & errors; left != 0; left &= left - 1)
        if (!tally_kind(search, __builtin_ctzll(left), true))
            return false;
    for (uint64_t left = kinds & ~errors; left != 0; left &= left - 1)
        if (!tally_kind(search, __builtin_ctzll(left), false))
            return false;
    return true;
}

static bool more(struct search *search, bool *exhausted)
{
    const struct explore_request *request = search->request;
    struct explore_report *report = search->report;
    uint64_t limit = request->max_executions;

    if (request->policy == EXPLORE_RANDOM && limit == 0)
        limit = DEFAULT_SAMPLES;
    *exhausted = request->policy == EXPLORE_DFS && !policy_dfs_next(&search->dfs);
    return !*exhausted && (limit == 0 || report->executions < limit);
}

static void judge(struct search *search, bool exhausted)
{
    struct explore_report *report = search->report;

    if (search->dfs.nondeterministic) {
        report->verdict = EXPLORE_INCONCLUSIVE;
        (void)snprintf(report->why, sizeof(report->why),
                       "the program did not repeat itself under the same choices");
    } else if (report->cut_short > 0 && search->request->policy == EXPLORE_DFS) {
        report->verdict = EXPLORE_INCONCLUSIVE;
        (void)snprintf(report->why, sizeof(report->why),
                       "%" PRIu64 " executions reached a limit on steps or memory",
                       report->cut_short);
    } else if (search->request->policy == EXPLORE_RANDOM) {
        report->verdict = EXPLORE_SAMPLED;
    } else if (!exhausted) {
        report->verdict = EXPLORE_INCONCLUSIVE;
        (void)snprintf(report->why, sizeof(report->why), "the limit of %" PRIu64 " executions",
                       search->request->max_executions);
    } else if (search->dfs.pruned) {
        report->verdict = EXPLORE_BOUNDED;
        (void)snprintf(report->why, sizeof(report->why), "at most %d preemptions",
                       search->request->max_preemptions);
    } else {
        report->verdict = EXPLORE_EXHAUSTED;
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
    bool exhausted = false;

    do {
        int64_t params[SIM_PARAMS_MAX];

        memcpy(params, search->request->run.params, sizeof(params));
        enum sim_outcome outcome =
            (scenario->async ? sim_run_async : sim_run)(search->sim, scenario->main, params);

        report->executions++;
        report->cut_short += outcome == SIM_OUTCOME_STEPS || outcome == SIM_OUTCOME_MEMORY;
        if (search->dfs.out_of_memory || !tally(search))
            return false;
        if (search->dfs.nondeterministic)
            break;
        if (enough(search)) {
            report->verdict = EXPLORE_STOPPED;
            return true;
        }
    } while (more(search, &exhausted));
    judge(search, exhausted);
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
    policy_dfs_free(&search.dfs);
    detectors_free(search.detectors);
    sim_free(search.sim);
    return ok;
}

void explore_report_free(struct explore_report *report)
{
    for (int i = 0; i < SIM_FINDING_COUNT; i++)
        schedule_free(&report->kinds[i].schedule);
}
