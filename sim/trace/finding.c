#include "sim/trace/finding.h"

#include <string.h>

struct finding_row {
    const char *name;
    const char *badge;
    int error;
};

static const struct finding_row rows[] = {
#define FINDING_ROW(id, name, badge, error) [id] = {name, badge, error},
    SIM_FINDINGS(FINDING_ROW)
#undef FINDING_ROW
};

const char *sim_finding_name(unsigned kind)
{
    return kind < SIM_FINDING_COUNT ? rows[kind].name : "?";
}

const char *sim_finding_badge(unsigned kind)
{
    return kind < SIM_FINDING_COUNT ? rows[kind].badge : "?";
}

int sim_finding_is_error(unsigned kind)
{
    return kind < SIM_FINDING_COUNT && rows[kind].error;
}

int sim_finding_from_name(const char *name)
{
    for (int kind = 0; kind < SIM_FINDING_COUNT; kind++)
        if (strcmp(rows[kind].name, name) == 0)
            return kind;
    return -1;
}
