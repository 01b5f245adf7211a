/* Check: for unit tests, whatever their framework: what must hold under every schedule, under many,
 * or under this one.  tests/examples/ shows each in use, docs/testing.md tells which to choose.
 *
 * Each returns true if it holds.  Otherwise it writes to standard error what was found, its story
 * step by step, the smallest schedule that shows it (shrink.h), the same as an order of named
 * events, and how to replay it; and if the environment names a directory in PICKGLASS_OUT, leaves
 * NAME.trace there, and NAME.png, drawn by the program `pickglass` (or $PICKGLASS) if that can be
 * run.
 *
 *     assert_true(sim_check_all(&transfer));
 *     assert_true(sim_expect_finding(&transfer, SIM_FINDING_LOST_UPDATE)); */
#ifndef SIM_EXPLORE_CHECK_H
#define SIM_EXPLORE_CHECK_H

#include "sim/explore/scenario.h"
#include "sim/explore/verdict.h"

/* No finding under any schedule.  A finding is an error or a hazard: a data race fails a test, too.
 *
 * Returns: false, too, if that is not proved: if not all could be run within 1,000,000 executions
 *          (every one of the first 100,000; then, of those that differ only in the order of
 *          independent steps, one), or if a loop that waits was only followed for some rounds */
bool sim_check_all(const struct sim_scenario *scenario);

/* No finding under any schedule with at most so many preemptions (-1: whatever their number), a
 * loop that waits followed for some rounds.  False, too, if that took more than 1,000,000
 * executions. */
bool sim_check_bounded(const struct sim_scenario *scenario, int max_preemptions);

/* No finding in so many random executions, at least 1; the same ones for the same seed. */
bool sim_check_random(const struct sim_scenario *scenario, uint64_t seed, uint64_t executions);

/* No finding in so many executions under priorities that change depth - 1 times (PCT; 1 to 64):
 * each finds a bug of that depth with a probability of at least 1/(n k^(depth-1)), for n threads
 * and k steps. */
bool sim_check_pct(const struct sim_scenario *scenario, uint32_t depth, uint64_t executions);

/* This kind of finding under some schedule: those with few preemptions are tried first, at most
 * 1,000,000. */
bool sim_expect_finding(const struct sim_scenario *scenario, enum sim_finding_kind kind);

/* This kind of finding under no schedule with at most so many preemptions (-1: whatever their
 * number); others may be.  False, too, if not all could be run within 1,000,000 executions. */
bool sim_check_never(const struct sim_scenario *scenario, enum sim_finding_kind kind,
                     int max_preemptions);

/* The program is a function of its choices: under each of so many random schedules it does the same
 * twice, event by event (twice.h).  Findings do not matter. */
bool sim_check_deterministic(const struct sim_scenario *scenario, uint64_t seed,
                             uint64_t executions);

/* No finding under exactly this schedule. */
bool sim_check_schedule(const struct sim_scenario *scenario, const char *schedule);

/* This kind of finding under exactly this schedule. */
bool sim_check_finds(const struct sim_scenario *scenario, const char *schedule,
                     enum sim_finding_kind kind);

/* Under an order of named events: this kind of finding, or none at all.
 *
 * order:    "A.read(counter) < B.write(counter), ...", or "A.read(counter), B.read(counter), ..."
 *           for exactly this order (order_spec.h); what it leaves open goes as usual
 * expected: enum sim_finding_kind, or SIM_CLEAN
 * Returns:  false, too, if the text is wrong or the order cannot be kept */
bool sim_check_order(const struct sim_scenario *scenario, const char *order, int expected);

/* ---- With a word in how it is searched, and what that was worth. ---- */

enum sim_search_how { SIM_SEARCH_ALL, SIM_SEARCH_BOUNDED, SIM_SEARCH_RANDOM, SIM_SEARCH_PCT };

/* A finding that does not fail a check: bits of `accept`. */
#define SIM_ACCEPT(kind) (UINT64_C(1) << (kind))

/* All that this run survives: data races, lock orders, tasks that are left over ... */
#define SIM_ACCEPT_HAZARDS (0 SIM_FINDINGS(SIM_ACCEPT_IF_HAZARD))
#define SIM_ACCEPT_IF_HAZARD(id, name, badge, error) | ((error) ? 0 : UINT64_C(1) << (id))

/* Zero is the default of each. */
struct sim_search {
    enum sim_search_how how;
    int max_preemptions; /* BOUNDED; -1: no bound */
    uint32_t depth;      /* PCT: 1 to 64; 0: 3 */
    bool accept_bounded; /* ALL: a bound that the search had to set itself is enough */
    uint64_t seed;       /* RANDOM, PCT */
    uint64_t executions; /* at most; 0: 1,000,000; RANDOM, PCT: so many, not 0 */
    uint64_t accept;     /* findings that do not count: SIM_ACCEPT(kind) | ... */
    const char *params;  /* "threads=3 rounds=2"; NULL: all at their defaults */
};

struct sim_search_result {
    enum explore_verdict verdict;
    int worst;           /* enum sim_finding_kind of the worst finding, or SIM_CLEAN */
    uint64_t executions; /* run */
    char why[200];       /* up to what, within which bound, how probably, or which limit */
};

/* Search as told.  The result may be NULL.
 *
 * Returns: true if there was no finding but accepted ones, and the search was all that was asked
 *          for: exhausted; bounded, unless ALL was asked for and accept_bounded is not set;
 * sampled, if that was asked for.  False, too, for parameters that the scenario does not have. */
bool sim_check_search(const struct sim_scenario *scenario, const struct sim_search *search,
                      struct sim_search_result *result);

#endif
