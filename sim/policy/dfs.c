#include "sim/policy/dfs.h"

#include <stdlib.h>

#include "sim/base/vec.h"
#include "sim/core/snapshot.h"
#include "sim/trace/reader.h"

struct dfs_frame {
    uint32_t taken;
    uint32_t limit; /* options that may be tried; fewer than were offered if the bound is reached */
    uint32_t offered;
};

static bool push(struct policy_dfs *dfs, struct dfs_frame frame)
{
    if (!vec_reserve(&dfs->frames, dfs->count + 1, &dfs->capacity, sizeof(*dfs->frames)))
        return false;
    dfs->frames[dfs->count++] = frame;
    return true;
}

/* A choice that no run came to before.  Returns false when out of memory. */
static bool go_deeper(struct policy_dfs *dfs, uint32_t count, bool preempting)
{
    bool stop = preempting && dfs->max_preemptions >= 0 && dfs->preemptions >= dfs->max_preemptions;
    struct dfs_frame frame = {.limit = stop ? 1 : count, .offered = count};

    dfs->pruned |= stop;
    dfs->out_of_memory |= !push(dfs, frame);
    return !dfs->out_of_memory;
}

static inline uint32_t take(struct policy_dfs *dfs, uint32_t count, bool preempting)
{
    const struct dfs_frame *frame = &dfs->frames[dfs->depth++];

    if (frame->offered != count) {
        dfs->nondeterministic = true;
        return SIM_DIVERGE;
    }
    dfs->preemptions += preempting && frame->taken > 0;
    return frame->taken;
}

/* Later runs go on from a choice that is new, with its next option. */
static __attribute__((noinline)) uint32_t draw_new(struct policy_dfs *dfs, uint32_t count,
                                                   bool preempting)
{
    struct snapshots *snapshots = dfs->policy.snapshots;

    if (!go_deeper(dfs, count, preempting))
        return SIM_NO_MEMORY;
    if (snapshots != NULL && dfs->frames[dfs->depth].limit > 1 &&
        snapshots_want(snapshots, dfs->depth, dfs->preemptions))
        return SIM_SAVE;
    return take(dfs, count, preempting);
}

static uint32_t draw(struct policy *policy, uint32_t count, bool preempting)
{
    struct policy_dfs *dfs = (struct policy_dfs *)policy;

    if (dfs->depth == dfs->count)
        return draw_new(dfs, count, preempting);
    return take(dfs, count, preempting);
}

static uint32_t draw_first(struct policy *policy, uint32_t count, bool preempting)
{
    struct policy_dfs *dfs = (struct policy_dfs *)policy;

    policy->draw = draw;
    dfs->depth = snapshots_place(policy->snapshots);
    dfs->preemptions = snapshots_note(policy->snapshots);
    return draw(policy, count, preempting);
}

static void begin(struct policy *policy)
{
    struct policy_dfs *dfs = (struct policy_dfs *)policy;

    dfs->depth = 0;
    dfs->preemptions = 0;
    policy->draw = policy->snapshots == NULL ? draw : draw_first;
}

static uint32_t choose(struct policy *policy, const struct sim_choice *choice)
{
    struct policy_dfs *dfs = (struct policy_dfs *)policy;

    policy->draw = draw;
    if (dfs->depth == dfs->count && !go_deeper(dfs, choice->count, choice->preempting))
        return SIM_NO_MEMORY;
    return take(dfs, choice->count, choice->preempting);
}

void policy_dfs_init(struct policy_dfs *dfs, int max_preemptions)
{
    *dfs = (struct policy_dfs){
        .policy = {.begin = begin, .choose = choose, .draw = draw, .blind = true},
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
            break;
        dfs->count--;
    }
    snapshots_drop(dfs->policy.snapshots, dfs->count);
    return dfs->count > 0;
}

double policy_dfs_share(const struct policy_dfs *dfs)
{
    double share = 0;
    double weight = 1;

    for (size_t i = 0; i < dfs->count; i++) {
        weight /= dfs->frames[i].limit;
        share += dfs->frames[i].taken * weight;
    }
    return share;
}

void policy_dfs_save(const struct policy_dfs *dfs, FILE *out)
{
    (void)fprintf(out, "pruned %d\nplace %zu\n", dfs->pruned, dfs->count);
    for (size_t i = 0; i < dfs->count; i++)
        (void)fprintf(out, "c %u %u %u\n", dfs->frames[i].taken, dfs->frames[i].limit,
                      dfs->frames[i].offered);
}

static bool load_frame(struct policy_dfs *dfs, struct reader *in)
{
    struct dfs_frame frame = {0};

    if (!reader_key(in, "c") || !reader_u32(in, UINT32_MAX - 1, &frame.taken) ||
        !reader_u32(in, UINT32_MAX, &frame.limit) || !reader_u32(in, UINT32_MAX, &frame.offered) ||
        !reader_end(in))
        return false;
    if (frame.taken >= frame.limit || frame.limit > frame.offered || frame.offered < 2)
        return reader_fail(in, "a choice that is none");
    return push(dfs, frame) || reader_fail(in, "out of memory");
}

bool policy_dfs_load(struct policy_dfs *dfs, struct reader *in)
{
    uint32_t count = 0;

    if (!reader_key(in, "pruned") || !reader_flag(in, &dfs->pruned) || !reader_end(in) ||
        !reader_key(in, "place") || !reader_u32(in, UINT32_MAX, &count) || !reader_end(in))
        return false;
    dfs->count = 0;
    for (uint32_t i = 0; i < count; i++)
        if (!load_frame(dfs, in))
            return false;
    return true;
}
