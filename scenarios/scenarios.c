#include "scenarios/scenarios.h"

#include <stddef.h>
#include <string.h>

const struct sim_scenario *const scenarios[] = {
    &counter_race,
    &counter_lock,
    &counter_race_threads,
    &counter_lock_threads,
    &deadlock_self,
    &deadlock_abba,
    &deadlock_ordered,
    &deadlock_timeout,
    &deadlock_abandoned,
    &dining_philosophers,
    &deadlock_abba_threads,
    &deadlock_ordered_threads,
    &lost_wakeup,
    &condition_notify_all,
    &condition_wait_for,
    &say_after,
    NULL,
};

const struct sim_scenario *scenario_find(const char *name)
{
    for (const struct sim_scenario *const *scenario = scenarios; *scenario != NULL; scenario++) {
        if (strcmp((*scenario)->name, name) == 0)
            return *scenario;
    }
    return NULL;
}
