#include "sim/explore/freedom.h"

#include <string.h>

static const char *const levels[] = {
    [SIM_LEVEL_FIFO] = "fifo", [SIM_LEVEL_TIMING] = "timing", [SIM_LEVEL_ANY] = "any"};
static const char *const times[] = {[SIM_TIME_LATE] = "late", [SIM_TIME_EXPLORED] = "explored"};

enum { LEVELS = sizeof(levels) / sizeof(levels[0]), TIMES = sizeof(times) / sizeof(times[0]) };

const char *freedom_level_name(enum sim_level level)
{
    return levels[level];
}

const char *freedom_time_name(enum sim_time time)
{
    return times[time];
}

bool freedom_level_named(const char *name, enum sim_level *level)
{
    for (unsigned i = 0; i < LEVELS; i++) {
        if (strcmp(name, levels[i]) == 0) {
            *level = (enum sim_level)i;
            return true;
        }
    }
    return false;
}

bool freedom_time_named(const char *name, enum sim_time *time)
{
    for (unsigned i = 0; i < TIMES; i++) {
        if (strcmp(name, times[i]) == 0) {
            *time = (enum sim_time)i;
            return true;
        }
    }
    return false;
}
