/* The stories that come with Pickglass: one file each, and one table of them all. */
#ifndef SCENARIOS_SCENARIOS_H
#define SCENARIOS_SCENARIOS_H

#include "sim/explore/scenario.h"

extern const struct sim_scenario counter_race;
extern const struct sim_scenario counter_lock;
extern const struct sim_scenario deadlock_self;
extern const struct sim_scenario deadlock_abba;
extern const struct sim_scenario deadlock_ordered;
extern const struct sim_scenario deadlock_abandoned;
extern const struct sim_scenario deadlock_timeout;
extern const struct sim_scenario dining_philosophers;
extern const struct sim_scenario condition_notify_all;
extern const struct sim_scenario condition_wait_for;
extern const struct sim_scenario lost_wakeup;
extern const struct sim_scenario say_after;
extern const struct sim_scenario counter_race_threads;
extern const struct sim_scenario counter_lock_threads;
extern const struct sim_scenario deadlock_abba_threads;
extern const struct sim_scenario deadlock_ordered_threads;

/* Every scenario, in the order in which they are listed; ends with NULL. */
extern const struct sim_scenario *const scenarios[];

/* The scenario with this name; NULL if there is none. */
const struct sim_scenario *scenario_find(const char *name);

#endif
