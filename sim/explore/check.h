/* Check: for unit tests, whatever their framework: what must hold under every schedule, under many,
 * or under this one.  tests/examples/ shows each in use.
 *
 * Each returns true if it holds.  Otherwise it writes what happened, why, and how to see it again
 * to standard error, after shrinking a schedule that a search found (shrink.h); and if the
 * environment names a directory in PICKGLASS_OUT, leaves NAME.trace there, and NAME.png, drawn by
 * the program `pickglass` (or $PICKGLASS) if that can be run.
 *
 *     assert_true(sim_check_all(&transfer));
 *     assert_true(sim_check_finds(&transfer, "s1:0.1.1", SIM_FINDING_LOST_UPDATE)); */
#ifndef SIM_EXPLORE_CHECK_H
#define SIM_EXPLORE_CHECK_H

#include "sim/explore/scenario.h"

/* No finding under any schedule; false, too, if not all could be run within 1,000,000 executions.
 */
bool sim_check_all(const struct sim_scenario *scenario);

/* No finding under any schedule with at most so many preemptions. */
bool sim_check_bounded(const struct sim_scenario *scenario, int max_preemptions);

/* No finding in so many random executions. */
bool sim_check_random(const struct sim_scenario *scenario, uint64_t seed, uint64_t executions);

/* The program is a function of its choices: under each of so many random schedules it does the same
 * twice, event by event (twice.h).  Findings do not matter. */
bool sim_check_deterministic(const struct sim_scenario *scenario, uint64_t seed,
                             uint64_t executions);

/* No finding under exactly this schedule. */
bool sim_check_schedule(const struct sim_scenario *scenario, const char *schedule);

/* This kind of finding under exactly this schedule. */
bool sim_check_finds(const struct sim_scenario *scenario, const char *schedule,
                     enum sim_finding_kind kind);

/* This kind of finding under some schedule. */
bool sim_check_some(const struct sim_scenario *scenario, enum sim_finding_kind kind);

/* This kind of finding under no schedule with at most so many preemptions (-1: whatever their
 * number); others may be.  False, too, if not all could be run within 1,000,000 executions. */
bool sim_check_never(const struct sim_scenario *scenario, enum sim_finding_kind kind,
                     int max_preemptions);

/* Under an order of named events: this kind of finding, or none at all.
 *
 * order:    "A.read(counter) < B.write(counter), ...", or "A.read(counter), B.read(counter), ..."
 *           for exactly this order (order_spec.h); what it leaves open goes as usual
 * expected: enum sim_finding_kind, or SIM_CLEAN
 * Returns:  false, too, if the text is wrong or the order cannot be kept */
bool sim_check_order(const struct sim_scenario *scenario, const char *order, int expected);

#endif
