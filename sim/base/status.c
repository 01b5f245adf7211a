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

bool sim_is_os_error(enum sim_status status)
{
    static const bool is_one[SIM_STATUS_COUNT] = {
        [SIM_OS_ERROR] = true,         [SIM_TIMEOUT] = true,
        [SIM_CONNECTION_ERROR] = true, [SIM_CONNECTION_REFUSED] = true,
        [SIM_CONNECTION_RESET] = true, [SIM_BROKEN_PIPE] = true,
        [SIM_GAI_ERROR] = true,        [SIM_FILE_NOT_FOUND] = true,
        [SIM_PROCESS_LOOKUP] = true,
    };

    return (unsigned)status < SIM_STATUS_COUNT && is_one[status];
}
