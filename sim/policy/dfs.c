#include "sim/policy/dfs.h"

#include <stdlib.h>

struct dfs_frame {
    uint32_t taken;
    uint32_t limit; /* options that may be tried; fewer than were offered if the bound is reached */
    uint32_t offered;
};

static void begin(struct policy *policy)
{
    struct policy_dfs *dfs = (struct policy_dfs *)policy;

    dfs->depth = 0;
    dfs->preemptions = 0;
}

static bool push(struct policy_dfs *dfs, struct dfs_frame frame)
{
    if (dfs->count == dfs->capacity) {
        size_t capacity = dfs->capacity == 0 ? 64 : 2 * dfs->capacity;
        struct dfs_frame *frames = realloc(dfs->frames, capacity * sizeof(*frames));

        if (frames == NULL)
            return false;
        dfs->frames = frames;
        dfs->capacity = capacity;
    }
    dfs->frames[dfs->count++] = frame;
    return true;
}

static uint32_t choose(struct policy *policy, const struct sim_choice *choice)
{
    struct policy_dfs *dfs = (struct policy_dfs *)policy;

    if (dfs->depth == dfs->count) {
        bool stop = choice->preempting && dfs->max_preemptions >= 0 &&
                    dfs->preemptions >= dfs->max_preemptions;
        struct dfs_frame frame = {.limit = stop ? 1 : choice->count, .offered = choice->count};

        dfs->pruned |= stop;
        if (!push(dfs, frame)) {
            dfs->out_of_memory = true;
            return SIM_DIVERGE;
        }
    }
    const struct dfs_frame *frame = &dfs->frames[dfs->depth++];

    if (frame->offered != choice->count) {
        dfs->nondeterministic = true;
        return SIM_DIVERGE;
    }
    dfs->preemptions += choice->preempting && frame->taken > 0;
    return frame->taken;
}

void policy_dfs_init(struct policy_dfs *dfs, int max_preemptions)
{
    *dfs = (struct policy_dfs){.policy = {.begin = begin, .choose = choose, .blind = true},
                               .max_preemptions = max_preemptions};
}

void policy_dfs_free(struct policy_dfs *dfs)
{
    free(dfs->frames);
    dfs->frames = NULL;
    dfs->count = 0;
    dfs->capacity = 0;
}

bool policy_dfs_next(struct policy_dfs *dfs)
{
    /* A run may end before the choices of the last one are used up only if it was cut short. */
    if (dfs->depth < dfs->count)
        dfs->count = dfs->depth;
    while (dfs->count > 0) {
        struct dfs_frame *last = &dfs->frames[dfs->count - 1];

        if (++last->taken < last->limit)
            return true;
        dfs->count--;
    }
    return false;
}
