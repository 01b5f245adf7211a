#include "sim/base/status.h"

const char *sim_status_name(enum sim_status status)
{
    static const char *const names[] = {
#define SIM_STATUS_NAME(id, name) [id] = name,
        SIM_STATUSES(SIM_STATUS_NAME)
#undef SIM_STATUS_NAME
    };

    return (unsigned)status < SIM_STATUS_COUNT ? names[status] : "?";
}
