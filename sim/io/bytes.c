#include "sim/io/bytes.h"

#include <string.h>

#include "sim/core/sim.h"

struct sim_bytes sim_bytes_copy(struct sim *sim, const void *data, size_t size)
{
    char *copy = sim_alloc(sim, size + 1);

    if (size > 0)
        memcpy(copy, data, size);
    return (struct sim_bytes){copy, size};
}
