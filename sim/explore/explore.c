#include "sim/explore/explore.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "sim/core/snapshot.h"
#include "sim/detect/detect.h"
#include "sim/detect/screen.h"
#include "sim/explore/explore_state.h"

enum { CHECKPOINT_EVERY = 100000 };

/* So many executions may be run twice, and of all that follow one in so many. */
enum { DOUBTS_MOST = 16, DOUBTS_SHARE = 4 };

static void wrap(struct search *search)
{
    const struct explore_request *request = search->request;
    struct strategy *strategy = search->strategy;
    struct policy *policy = strategy->policy;

    search->shards = request->shard_count > 1 && strategy->splits;
    search->inner = search->shards ? &search->shard.inner : &search->fair.inner;
    if (search->shards) {
        policy_shard_init(&search->shard, policy, request->shard_index, request->shard_count);
        policy = &search->shard.policy;
    }
    bool held = search->fair.held;

    policy_fair_free(&search->fair);
    policy_fair_init(&search->fair, policy);
    search->fair.held = held;
    /* A policy that keeps books of its own reads them, too. */
    search->fair.alone = strategy->sink == NULL;
    if (!strategy->fair) {
        policy = &search->fair.policy;
        (void)sim_add_sink(search->sim, &search->fair.sink);
    }
    if (request->prefix != NULL) {
        policy_guided_init(&search->guided, request->prefix, policy);
        policy = &search->guided.policy;
    }
    if (search->twice != NULL) {
        policy = twice_policy(search->twice, policy);
        (void)sim_add_sink(search->sim, twice_sink(search->twice));
    }
    search->policy = policy;
    sim_set_policy(search->sim, policy);
}

/* A simulation for the strategy as it is now.  Returns false when out of memory. */
static bool equip(struct search *search)
{
    const struct explore_request *request = search->request;
    struct strategy *strategy = search->strategy;
    struct sim_config config = run_config(&request->run);

    if (config.max_steps == 0)
        config.max_steps = strategy->max_steps;
    if (!strategy->passes_long)
        search->report->max_steps =
            config.max_steps == 0 ? SIM_MAX_STEPS_DEFAULT : config.max_steps;
    search->report->max_memory = sim_config_memory(&config);
    sim_free(search->sim);
    search->snapshots = NULL;
    search->sim = sim_new(&config);
    if (search->sim == NULL)
        return false;
    search->stage = strategy->stage;
    wrap(search);
    if (request->run.cancel != NULL)
        (void)sim_add_sink(search->sim, &search->trials.sink);
    if (strategy->sink != NULL)
        (void)sim_add_sink(search->sim, strategy->sink);
    (void)sim_add_sink(search->sim, detectors_sink(search->detectors));
    if (request->map != NULL)
        (void)sim_add_sink(search->sim, &search->mapper.sink);
    /* Nobody but the detectors must know what happens in every execution; or the policy, too, which
     * then says what it need not know. */
    search->summarizes = strategy->repeats && !request->run.scenario->async &&
                         (strategy->sink == NULL || request->prefix == NULL) &&
                         request->run.cancel == NULL && request->map == NULL && !request->twice;
    if (search->summarizes && request->run.scenario->contained)
        search->snapshots = snapshots_new(search->sim);
    if (search->summarizes)
        sim_set_summary(search->sim, &search->summary);
    return true;
}

static bool prepare(struct search *search)
{
    const struct explore_request *request = search->request;

    search->strategy = strategy_new(request);
    search->detectors = detectors_new();
    if (request->twice)
        search->twice = twice_new(&request->run);
    if (search->strategy == NULL || search->detectors == NULL ||
        (request->twice && search->twice == NULL))
        return false;
    /* Only kinds are counted here: what is found is told by another run. */
    detectors_sink(search->detectors)->wordless = true;
    trials_sink_init(&search->trials, &search->report->trials);
    mapper_init(&search->mapper, request->map);
    return equip(search);
}

/* Has the search found what it is for? */
static bool is_enough(const struct search *search)
{
    const struct explore_request *request = search->request;
    int worst = search->report->worst;

    if (request->until != NULL)
        return search->report->kinds[*request->until].first != 0;
    return !request->keep_going && worst >= 0 && sim_finding_is_error((unsigned)worst);
}

/* Note the first execution in which a kind was seen; errors come before hazards.  Returns false
 * when out of memory. */
static __attribute__((noinline)) bool tally_first(struct search *search, int found, bool error)
{
    struct explore_report *report = search->report;
    struct explore_kind *kind = &report->kinds[found];

    kind->first = search->strategy->number != 0 ? search->strategy->number : report->executions;
    kind->by = search->strategy->by;
    if (report->worst < 0 || (error && !sim_finding_is_error((unsigned)report->worst)))
        report->worst = found;
    search->enough = is_enough(search);
    return schedule_copy(&kind->schedule, sim_schedule(search->sim));
}

/* Into the report: what was counted of one set of kinds. */
static void tally_flush_one(struct search *search, struct seen *seen)
{
    struct explore_report *report = search->report;

    report->found += seen->kinds != 0 ? seen->executions : 0;
    for (uint64_t left = seen->kinds; left != 0; left &= left - 1)
        report->kinds[__builtin_ctzll(left)].executions += seen->executions;
    seen->executions = 0;
}

/* Before anybody reads of them. */
static void tally_flush(struct search *search)
{
    for (size_t i = 0; i < SEEN_SETS; i++)
        tally_flush_one(search, &search->seen[i]);
}

/* Count another set of kinds.  Returns false when out of memory. */
static __attribute__((noinline)) bool tally_other(struct search *search, struct seen *seen,
                                                  uint64_t kinds)
{
    static const uint64_t errors = 0
#define ERROR_BIT(id, name, badge, error) | (uint64_t)(error) << (id)
        SIM_FINDINGS(ERROR_BIT)
#undef ERROR_BIT
        ;
    const struct explore_kind *all = search->report->kinds;

    tally_flush_one(search, seen);
    *seen = (struct seen){.kinds = kinds, .executions = 1};
    for (uint64_t left = kinds & errors; left != 0; left &= left - 1)
        if (all[__builtin_ctzll(left)].first == 0 &&
            !tally_first(search, __builtin_ctzll(left), true))
            return false;
    for (uint64_t left = kinds & ~errors; left != 0; left &= left - 1)
        if (all[__builtin_ctzll(left)].first == 0 &&
            !tally_first(search, __builtin_ctzll(left), false))
            return false;
    return true;
}

/* Note what the last execution showed.  Few sets of kinds come again and again, in no order: which
 * it is takes no branch.  Returns false when out of memory. */
static inline bool tally(struct search *search)
{
    uint64_t kinds = search->kinds & ~search->request->accept;
    struct seen *seen = &search->seen[(kinds * UINT64_C(0x9e3779b97f4a7c15)) >> SEEN_SHIFT];

    if (__builtin_expect(seen->kinds != kinds || seen->executions == 0, 0))
        return tally_other(search, seen, kinds);
    seen->executions++;
    return true;
}

/* Run the execution again.  Returns false when out of memory. */
static bool repeat(struct search *search)
{
    struct explore_report *report = search->report;
    struct explore_difference *difference = &report->difference;

    if (search->twice == NULL)
        return true;
    const struct schedule *schedule = sim_schedule(search->sim);

    if (twice_check(search->twice, schedule, &difference->at))
        return !twice_out_of_memory(search->twice);
    difference->execution =
        search->strategy->number != 0 ? search->strategy->number : report->executions;
    search->strategy->nondeterministic = true;
    return schedule_copy(&difference->schedule, schedule);
}

static bool counts(const struct search *search)
{
    const struct strategy *strategy = search->strategy;

    return (strategy->ops->counts == NULL || strategy->ops->counts(strategy)) &&
           (!search->shards || policy_shard_owns(&search->shard));
}

/* Did the run come to the end of the prefix?  One that ended before it is no execution that begins
 * so.  Returns false after a message. */
static bool has_prefix(struct search *search)
{
    const struct schedule *prefix = search->request->prefix;

    if (prefix == NULL)
        return true;
    size_t count = sim_schedule(search->sim)->count;

    if (count >= prefix->count)
        return true;
    (void)snprintf(search->error, search->error_size,
                   "the run ended after %zu choices, and the schedule has %zu", count,
                   prefix->count);
    return false;
}

static inline enum sim_outcome run_program(struct search *search)
{
    const struct sim_scenario *scenario = search->request->run.scenario;

    memcpy(search->params, search->request->run.params, sizeof(search->params));
    return (scenario->async ? sim_run_async : sim_run)(search->sim, scenario->main, search->params);
}

/* Did the policy end it?  Where the summary refused it, it may have ended for that. */
static bool was_given_up(const struct search *search)
{
    const struct strategy *strategy = search->strategy;

    if (!search->summary.refused)
        return !counts(search);
    return strategy->ops->gave_up != NULL && strategy->ops->gave_up(strategy);
}

/* Run with a summary.  Returns true if that decides what is found in the execution; else it is
 * ready to be run again. */
static bool run_summary(struct search *search, enum sim_outcome *outcome)
{
    struct strategy *strategy = search->strategy;

    search->summarized++;
    *outcome = run_program(search);
    if (screen_summary(&search->summary, &search->kinds))
        return true;
    /* What was given up half-way is not looked at, nor is what memory was lacking for. */
    if (*outcome == SIM_OUTCOME_NO_MEMORY ||
        (*outcome == SIM_OUTCOME_DIVERGED && was_given_up(search)))
        return true;
    sim_set_summary(search->sim, NULL);
    search->doubts++;
    search->summarizes = search->doubts <= DOUBTS_MOST + search->summarized / DOUBTS_SHARE;
    if (strategy->ops->again != NULL)
        strategy->ops->again(strategy);
    return false;
}

/* The execution that has just ended was decided by its summary: is it the same from its beginning?
 * Returns false when out of memory. */
static bool check_contained(struct search *search)
{
    bool same = false;

    if (!contained_is_due(&search->contained, search->summarized) || search->snapshots == NULL ||
        snapshots_count(search->snapshots) == 0 || !counts(search))
        return true;
    if (!contained_repeats(&search->contained, search->sim, search->policy, &search->summary,
                           search->request->run.scenario->main, search->params, &same))
        return false;
    if (!same) {
        search->uncontained = true;
        search->strategy->nondeterministic = true;
    }
    return true;
}

/* Run, and learn what is found in the execution. */
static enum sim_outcome run_and_detect(struct search *search)
{
    enum sim_outcome outcome = SIM_OUTCOME_FINISHED;

    search->strategy->policy->snapshots = search->snapshots;
    *search->inner = search->strategy->policy;
    if (search->summarizes && run_summary(search, &outcome)) {
        return outcome == SIM_OUTCOME_NO_MEMORY || check_contained(search) ? outcome
                                                                           : SIM_OUTCOME_NO_MEMORY;
    }
    outcome = run_program(search);
    if (outcome == SIM_OUTCOME_STUCK && counts(search) &&
        !probe_waiters(&search->probe, &search->request->run, sim_schedule(search->sim),
                       search->detectors))
        outcome = SIM_OUTCOME_NO_MEMORY;
    search->kinds = detectors_kinds(search->detectors);
    if (search->summarizes)
        sim_set_summary(search->sim, &search->summary);
    return outcome;
}

/* Run once.  Returns false when out of memory, or when the run did not fit the prefix: then it is
 * no execution of which anything can be told. */
static bool run_one(struct search *search, enum sim_outcome *outcome)
{
    struct explore_report *report = search->report;

    *outcome = run_and_detect(search);
    if (*outcome == SIM_OUTCOME_NO_MEMORY || search->guided.diverged || !has_prefix(search))
        return false;
    search->withheld |= sim_withheld(search->sim);
    if (!counts(search))
        return true;
    if (__builtin_expect(*outcome != SIM_OUTCOME_FINISHED, 0)) {
        if (*outcome == SIM_OUTCOME_STEPS && search->strategy->passes_long)
            return true;
        report->cut_by_steps += *outcome == SIM_OUTCOME_STEPS;
        report->cut_by_memory += *outcome == SIM_OUTCOME_MEMORY;
    }
    if (search->request->run.cancel != NULL && !trials_count(&search->trials))
        return false;
    report->executions++;
    if (search->request->each != NULL)
        search->request->each(search->request->each_arg, sim_schedule(search->sim), search->kinds);
    return repeat(search) && tally(search) &&
           (search->mapper.map == NULL ||
            mapper_note(&search->mapper, sim_schedule(search->sim), search->kinds));
}

/* Returns false after a message. */
static bool save(struct search *search)
{
    struct checkpoint_state state = {search->report, search->strategy, search->fair.held,
                                     search->left, search->withheld};

    tally_flush(search);
    if (search->strategy->ops->given_up != NULL)
        search->report->given_up = search->strategy->ops->given_up(search->strategy);
    /* A program that does not repeat itself has no place from which to go on. */
    return search->request->checkpoint == NULL || search->strategy->nondeterministic ||
           checkpoint_save(&search->checkpoint, &state, search->error, search->error_size);
}

/* Go on from the checkpoint if it is there, else write the first.  Returns false after a message.
 */
static bool resume(struct search *search)
{
    const struct explore_request *request = search->request;
    struct checkpoint_state state = {search->report, search->strategy, false, false, 0};

    if (request->checkpoint == NULL)
        return true;
    if (!checkpoint_begin(&search->checkpoint, request))
        return false;
    if (search->strategy->ops->save == NULL) {
        (void)snprintf(search->error, search->error_size, "a search by %s has no checkpoints",
                       explore_policy_name(request->policy));
        return false;
    }
    if (!request->resume && !checkpoint_exists(request->checkpoint))
        return save(search);
    if (!checkpoint_load(&search->checkpoint, &state, search->error, search->error_size))
        return false;
    search->report->resumed = search->report->executions;
    search->fair.held = state.held;
    search->left = state.left;
    search->withheld = state.withheld;
    return true;
}

static bool is_due(const struct search *search)
{
    uint64_t every = search->request->checkpoint_every;

    return search->report->executions - search->checkpoint.saved >=
           (every == 0 ? CHECKPOINT_EVERY : every);
}

double explore_share(const struct explore_progress *progress, char *of, size_t size)
{
    const struct strategy *strategy = progress->strategy;

    of[0] = '\0';
    return strategy->ops->share == NULL ? -1 : strategy->ops->share(strategy, of, size);
}

/* Show whoever watches how far the search is, and do as they wish.  Returns false after a message.
 */
static bool between(struct search *search)
{
    const struct explore_request *request = search->request;
    struct explore_report *report = search->report;
    enum explore_wish wish = EXPLORE_GO_ON;

    if (request->watch != NULL) {
        tally_flush(search);
        struct explore_progress progress = {report->executions, report->resumed, report->found,
                                            sim_schedule(search->sim)->count, search->strategy};

        wish = request->watch(request->watch_arg, &progress);
        report->interrupted = wish == EXPLORE_STOP;
    }
    return (wish != EXPLORE_SAVE && (request->checkpoint == NULL || !is_due(search))) ||
           save(search);
}

/* Returns false when out of memory, when a run did not fit the prefix, or after a message. */
static bool run_all(struct search *search)
{
    struct explore_report *report = search->report;
    struct strategy *strategy = search->strategy;
    uint64_t limit = search->request->max_executions;

    while (search->left && !report->interrupted && !search->enough &&
           (limit == 0 || report->executions < limit)) {
        enum sim_outcome outcome = SIM_OUTCOME_FINISHED;

        if (!run_one(search, &outcome))
            return false;
        if (strategy->nondeterministic)
            break;
        search->left = strategy->ops->next(strategy, outcome);
        search->fair.held |= strategy->held;
        if (strategy->out_of_memory)
            return false;
        if (search->left && ((!search->enough && !between(search)) ||
                             (strategy->stage != search->stage && !equip(search))))
            return false;
    }
    if (!save(search))
        return false;
    if (search->enough && !strategy->nondeterministic)
        report->verdict = EXPLORE_STOPPED;
    else
        search_judge(search, !search->left);
    return true;
}

static void say_why(const struct search *search)
{
    const struct policy_guided *guided = &search->guided;

    if (search->error[0] != '\0')
        return;
    if (guided->diverged)
        (void)snprintf(search->error, search->error_size,
                       "the run differs from the schedule: choice %u has %u options, and the "
                       "schedule takes number %u",
                       guided->index + 1, guided->offered, guided->recorded);
    else
        (void)snprintf(search->error, search->error_size,
                       "the machine ran out of memory after %" PRIu64 " executions",
                       search->report->executions);
}

/* Returns false when out of memory, or after a message. */
static bool start(struct search *search)
{
    search->left = !search->strategy->idle;
    if (!resume(search))
        return false;
    search->enough = is_enough(search);
    return search->strategy->stage == search->stage || equip(search);
}

static bool can_be_divided(const struct search *search)
{
    return search->request->shard_count <= 1 || search->strategy->splits ||
           search->strategy->divides || search->strategy->number != 0 || search->strategy->idle;
}

bool explore(const struct explore_request *request, struct explore_report *report, char *error,
             size_t error_size)
{
    struct search search = {
        .request = request, .report = report, .error = error, .error_size = error_size};
    bool ok = false;

    error[0] = '\0';
    *report = (struct explore_report){.worst = -1};
    if (!prepare(&search))
        (void)snprintf(error, error_size, "out of memory");
    else if (!can_be_divided(&search))
        (void)snprintf(error, error_size, "a search by %s cannot be divided",
                       explore_policy_name(request->policy));
    else if (start(&search) && run_all(&search))
        ok = true;
    else
        say_why(&search);
    tally_flush(&search);
    checkpoint_end(&search.checkpoint);
    if (search.strategy != NULL)
        search.strategy->ops->free(search.strategy);
    policy_fair_free(&search.fair);
    twice_free(search.twice);
    contained_free(&search.contained);
    mapper_free(&search.mapper);
    detectors_free(search.detectors);
    probe_free(search.probe);
    sim_free(search.sim);
    return ok;
}

void explore_report_free(struct explore_report *report)
{
    trials_free(&report->trials);
    for (int i = 0; i < SIM_FINDING_COUNT; i++)
        schedule_free(&report->kinds[i].schedule);
    schedule_free(&report->difference.schedule);
}
