#include "sim/explore/explore.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "sim/core/property.h"
#include "sim/detect/detect.h"
#include "sim/policy/fair.h"
#include "sim/policy/guided.h"
#include "sim/policy/shard.h"

struct search {
    const struct explore_request *request;
    struct explore_report *report;
    struct sim *sim;
    struct detectors *detectors;
    struct strategy *strategy;
    /* Around the strategy's policy, from the inside; each only if it is needed. */
    struct policy_shard shard;
    struct policy_fair fair;
    struct policy_guided guided;
    bool shards;
};

static void wrap(struct search *search)
{
    const struct explore_request *request = search->request;
    struct strategy *strategy = search->strategy;
    struct policy *policy = strategy->policy;

    search->shards = request->shard_count > 1 && strategy->splits;
    if (search->shards) {
        policy_shard_init(&search->shard, policy, request->shard_index, request->shard_count);
        policy = &search->shard.policy;
    }
    policy_fair_init(&search->fair, policy);
    search->fair.estimates = request->watch != NULL;
    if (!strategy->fair) {
        policy = &search->fair.policy;
        (void)sim_add_sink(search->sim, &search->fair.sink);
    }
    if (request->prefix != NULL) {
        policy_guided_init(&search->guided, request->prefix, policy);
        policy = &search->guided.policy;
    }
    sim_set_policy(search->sim, policy);
}

static bool prepare(struct search *search)
{
    const struct explore_request *request = search->request;
    struct sim_config config = {.level = request->run.level, .max_steps = request->run.max_steps};

    search->strategy = strategy_new(request);
    if (config.max_steps == 0 && search->strategy != NULL)
        config.max_steps = search->strategy->max_steps;
    search->sim = sim_new(&config);
    search->detectors = detectors_new();
    if (search->strategy == NULL || search->sim == NULL || search->detectors == NULL)
        return false;
    /* Only kinds are counted here: what is found is told by another run. */
    detectors_sink(search->detectors)->wordless = true;
    wrap(search);
    if (search->strategy->sink != NULL)
        (void)sim_add_sink(search->sim, search->strategy->sink);
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
    kind->first = search->strategy->number != 0 ? search->strategy->number : report->executions;
    kind->by = search->strategy->by;
    if (report->worst < 0 || (error && !sim_finding_is_error((unsigned)report->worst)))
        report->worst = found;
    return schedule_copy(&kind->schedule, sim_schedule(search->sim));
}

/* Note what the last execution showed.  Returns false when out of memory. */
static bool tally(struct search *search)
{
    struct explore_report *report = search->report;
    static const uint64_t errors = 0
#define ERROR_BIT(id, name, badge, error) | (uint64_t)(error) << (id)
        SIM_FINDINGS(ERROR_BIT)
#undef ERROR_BIT
        ;
    uint64_t kinds = detectors_kinds(search->detectors) & ~search->request->accept;

    report->found += kinds != 0;
    for (uint64_t left = kinds & errors; left != 0; left &= left - 1)
        if (!tally_kind(search, __builtin_ctzll(left), true))
            return false;
    for (uint64_t left = kinds & ~errors; left != 0; left &= left - 1)
        if (!tally_kind(search, __builtin_ctzll(left), false))
            return false;
    return true;
}

static void say_spins(struct explore_report *report)
{
    size_t used = strlen(report->why);

    report->verdict = EXPLORE_BOUNDED;
    (void)snprintf(report->why + used, sizeof(report->why) - used,
                   "%sat most %d rounds of a loop that waits", used > 0 ? " and " : "",
                   FAIR_REPEATS);
}

static void judge(struct search *search, bool complete)
{
    const struct strategy *strategy = search->strategy;
    struct explore_report *report = search->report;

    report->verdict = strategy->ops->judge(strategy, complete, report->why, sizeof(report->why));
    if (strategy->ops->sampled != NULL)
        strategy->ops->sampled(strategy, &report->sampled);
    report->sampled.held = search->fair.held;
    bool all = report->verdict == EXPLORE_EXHAUSTED || report->verdict == EXPLORE_BOUNDED;

    if (strategy->nondeterministic) {
        report->verdict = EXPLORE_INCONCLUSIVE;
        (void)snprintf(report->why, sizeof(report->why),
                       "the program did not repeat itself under the same choices");
    } else if (report->cut_short > 0 && (all || !strategy->samples)) {
        report->verdict = EXPLORE_INCONCLUSIVE;
        (void)snprintf(report->why, sizeof(report->why),
                       "%" PRIu64 " executions reached a limit on steps or memory",
                       report->cut_short);
    } else if (all && search->fair.held) {
        say_spins(report);
    } else if (all && search->request->policy == EXPLORE_DPOR &&
               !sim_properties_tracked(search->sim)) {
        report->verdict = EXPLORE_BOUNDED;
        (void)snprintf(report->why, sizeof(report->why),
                       "the orders of what is tracked: a property looks at nothing that is, or at "
                       "several mutexes");
    } else if (report->verdict == EXPLORE_INCONCLUSIVE && report->why[0] == '\0' &&
               !report->interrupted) {
        (void)snprintf(report->why, sizeof(report->why), "the limit of %" PRIu64 " executions",
                       report->executions);
    } else if (report->verdict == EXPLORE_SAMPLED && report->why[0] == '\0') {
        strategy_describe(search->request->policy, search->request->depth, &report->sampled,
                          report->why, sizeof(report->why));
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

static bool counts(const struct search *search)
{
    const struct strategy *strategy = search->strategy;

    return (strategy->ops->counts == NULL || strategy->ops->counts(strategy)) &&
           (!search->shards || policy_shard_owns(&search->shard));
}

/* Run once.  Returns false when out of memory, or when the run did not fit the prefix. */
static bool run_one(struct search *search, enum sim_outcome *outcome)
{
    const struct sim_scenario *scenario = search->request->run.scenario;
    struct explore_report *report = search->report;
    int64_t params[SIM_PARAMS_MAX];

    memcpy(params, search->request->run.params, sizeof(params));
    *(search->shards ? &search->shard.inner : &search->fair.inner) = search->strategy->policy;
    *outcome = (scenario->async ? sim_run_async : sim_run)(search->sim, scenario->main, params);
    if (search->fair.out_of_memory || search->guided.diverged)
        return false;
    if (!counts(search))
        return true;
    report->executions++;
    report->cut_short += *outcome == SIM_OUTCOME_STEPS || *outcome == SIM_OUTCOME_MEMORY;
    return tally(search);
}

/* Is somebody who watches content to go on? */
static bool go_on(struct search *search)
{
    const struct explore_request *request = search->request;
    const struct explore_report *report = search->report;
    struct explore_progress progress = {report->executions, report->found, -1};

    if (request->watch == NULL)
        return true;
    if (request->policy == EXPLORE_DFS && request->max_preemptions < 0 && !search->shards)
        progress.share = search->fair.share + search->fair.weight;
    search->report->interrupted = !request->watch(request->watch_arg, &progress);
    return !search->report->interrupted;
}

/* Returns false when out of memory, or when a run did not fit the prefix. */
static bool run_all(struct search *search)
{
    struct explore_report *report = search->report;
    struct strategy *strategy = search->strategy;
    uint64_t limit = search->request->max_executions;
    bool more = !strategy->idle;

    while (more && (limit == 0 || report->executions < limit)) {
        enum sim_outcome outcome = SIM_OUTCOME_FINISHED;

        if (!run_one(search, &outcome))
            return false;
        if (enough(search)) {
            report->verdict = EXPLORE_STOPPED;
            return true;
        }
        more = strategy->ops->next(strategy, outcome);
        if (strategy->out_of_memory)
            return false;
        if (more && !go_on(search))
            break;
    }
    judge(search, !more);
    return true;
}

static void say_why(const struct search *search, char *error, size_t error_size)
{
    const struct policy_guided *guided = &search->guided;

    if (guided->diverged)
        (void)snprintf(error, error_size,
                       "the run differs from the schedule: choice %u has %u options, and the "
                       "schedule takes number %u",
                       guided->index + 1, guided->offered, guided->recorded);
    else
        (void)snprintf(error, error_size, "out of memory after %" PRIu64 " executions",
                       search->report->executions);
}

static bool can_be_divided(const struct search *search)
{
    return search->request->shard_count <= 1 || search->strategy->splits ||
           search->strategy->number != 0 || search->strategy->idle;
}

bool explore(const struct explore_request *request, struct explore_report *report, char *error,
             size_t error_size)
{
    struct search search = {.request = request, .report = report};
    bool ok = false;

    *report = (struct explore_report){.worst = -1};
    if (!prepare(&search))
        (void)snprintf(error, error_size, "out of memory");
    else if (!can_be_divided(&search))
        (void)snprintf(error, error_size, "a search by %s cannot be divided",
                       explore_policy_name(request->policy));
    else if (run_all(&search))
        ok = true;
    else
        say_why(&search, error, error_size);
    if (search.strategy != NULL)
        search.strategy->ops->free(search.strategy);
    policy_fair_free(&search.fair);
    detectors_free(search.detectors);
    sim_free(search.sim);
    return ok;
}

void explore_report_free(struct explore_report *report)
{
    for (int i = 0; i < SIM_FINDING_COUNT; i++)
        schedule_free(&report->kinds[i].schedule);
}
