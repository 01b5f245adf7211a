#include "scenarios/scenarios.h"

#include <stddef.h>
#include <string.h>

const struct sim_scenario *const scenarios[] = {
#define SCENARIO_ADDRESS(name) &name,
    SCENARIOS(SCENARIO_ADDRESS)
#undef SCENARIO_ADDRESS
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
