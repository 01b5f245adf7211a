/* What a search was worth. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "sim/core/property.h"
#include "sim/explore/explore_state.h"

static void say_more(struct explore_report *report, uint32_t number, const char *what)
{
    size_t used = strlen(report->why);

    report->verdict = EXPLORE_BOUNDED;
    (void)snprintf(report->why + used, sizeof(report->why) - used, "%sat most %u %s",
                   used > 0 ? " and " : "", number, what);
}

/* What could have happened, and was not offered: the search is bounded by that. */
static void say_withheld(const struct search *search)
{
    uint32_t early = search->request->run.early;
    char whole[sizeof(search->report->why)] = "";

    early = early == 0 ? SIM_EARLY_DEFAULT : early;
    /* In how far all others were run is said at the end. */
    if (search->report->verdict == EXPLORE_EXHAUSTED) {
        (void)snprintf(whole, sizeof(whole), "%s", search->report->why);
        search->report->why[0] = '\0';
    }
    if (search->fair.held)
        say_more(search->report, FAIR_REPEATS, "rounds of a loop that waits");
    if ((search->withheld & SIM_WITHHELD_EARLY) != 0)
        say_more(search->report, early,
                 early == 1 ? "deadline out of its turn" : "deadlines out of their turn");
    if ((search->withheld & SIM_WITHHELD_SPURIOUS) != 0)
        say_more(search->report, 1, "wake-up of each thread for no reason");
    size_t used = strlen(search->report->why);

    if (whole[0] != '\0')
        (void)snprintf(search->report->why + used, sizeof(search->report->why) - used, ", %.*s",
                       (int)(sizeof(whole) - 4), whole);
}

void search_judge(struct search *search, bool complete)
{
    const struct strategy *strategy = search->strategy;
    struct explore_report *report = search->report;

    report->verdict = strategy->ops->judge(strategy, complete, report->why, sizeof(report->why));
    if (strategy->ops->sampled != NULL)
        strategy->ops->sampled(strategy, &report->sampled);
    if (strategy->ops->given_up != NULL)
        report->given_up = strategy->ops->given_up(strategy);
    report->sampled.held = search->fair.held;
    bool all = report->verdict == EXPLORE_EXHAUSTED || report->verdict == EXPLORE_BOUNDED;
    uint64_t cut_short = limits_cut_short(report);

    if (strategy->nondeterministic) {
        report->verdict = EXPLORE_NONDETERMINISTIC;
        (void)snprintf(report->why, sizeof(report->why), "%s",
                       search->uncontained ? "it is said to be contained, and from its beginning "
                                             "an execution went another way than from a snapshot"
                                           : "");
    } else if (cut_short > 0 && (all || !strategy->samples || cut_short == report->executions)) {
        report->verdict = EXPLORE_INCONCLUSIVE;
        limits_say(report, "execution", report->why, sizeof(report->why));
    } else if (all && (search->fair.held || search->withheld != 0)) {
        say_withheld(search);
    } else if (all && strategy->reduces && sim_priorities_used(search->sim)) {
        report->verdict = EXPLORE_BOUNDED;
        (void)snprintf(report->why, sizeof(report->why),
                       "what dpor knows of priorities, which is not all (dfs knows all)");
    } else if (all && strategy->reduces && !sim_properties_tracked(search->sim)) {
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
