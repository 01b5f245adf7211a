#include "sim/policy/bounded.h"

#include <stdlib.h>

#include "sim/base/vec.h"
#include "sim/core/snapshot.h"
#include "sim/trace/reader.h"

struct bounded_frame {
    uint32_t taken;
    uint32_t limit; /* options that may be tried: those that the bound allows */
    uint32_t offered;
};

static void begin(struct policy *policy)
{
    struct policy_bounded *bounded = (struct policy_bounded *)policy;

    bounded->depth = 0;
    bounded->spent = 0;
}

/* What of a choice says what its options cost. */
struct offer {
    uint32_t count;
    bool preempting;
    bool number;
};

static uint32_t cost_of(const struct policy_bounded *bounded, struct offer offer, uint32_t taken)
{
    if (offer.number)
        return 0;
    if (bounded->cost == BOUNDED_DELAYS)
        return taken;
    return offer.preempting && taken > 0;
}

/* Costs grow with the index, so those that can be paid for come first. */
static uint32_t limit_of(const struct policy_bounded *bounded, struct offer offer)
{
    uint32_t left = bounded->bound - bounded->spent;
    uint32_t limit = offer.count;

    while (cost_of(bounded, offer, limit - 1) > left)
        limit--;
    return limit;
}

/* Later runs go on from here, with the next option. */
static void save(struct policy_bounded *bounded)
{
    size_t depth = bounded->depth;
    uint32_t spent = bounded->spent;

    snapshots_take(bounded->policy.snapshots, depth);
    bounded->depth = depth;
    bounded->spent = spent;
}

/* A choice that no run of this round came to before.  Returns false when out of memory. */
static __attribute__((noinline)) bool go_deeper(struct policy_bounded *bounded, struct offer offer)
{
    if (!vec_reserve(&bounded->frames, bounded->count + 1, &bounded->capacity,
                     sizeof(*bounded->frames))) {
        bounded->out_of_memory = true;
        return false;
    }
    uint32_t limit = limit_of(bounded, offer);

    bounded->pruned |= limit < offer.count;
    bounded->frames[bounded->count++] =
        (struct bounded_frame){.limit = limit, .offered = offer.count};
    if (bounded->policy.snapshots != NULL && limit > 1)
        save(bounded);
    return true;
}

static inline uint32_t take(struct policy_bounded *bounded, struct offer offer)
{
    if (bounded->depth == bounded->count && !go_deeper(bounded, offer))
        return SIM_NO_MEMORY;
    const struct bounded_frame *frame = &bounded->frames[bounded->depth++];

    if (frame->offered != offer.count) {
        bounded->nondeterministic = true;
        return SIM_DIVERGE;
    }
    bounded->spent += cost_of(bounded, offer, frame->taken);
    return frame->taken;
}

static uint32_t draw(struct policy *policy, uint32_t count, bool preempting)
{
    return take((struct policy_bounded *)policy,
                (struct offer){.count = count, .preempting = preempting});
}

static uint32_t choose(struct policy *policy, const struct sim_choice *choice)
{
    return take((struct policy_bounded *)policy,
                (struct offer){.count = choice->count,
                               .preempting = choice->preempting,
                               .number = sim_choice_is_number(choice->kind)});
}

void policy_bounded_init(struct policy_bounded *bounded, enum bounded_cost cost, int64_t last)
{
    *bounded = (struct policy_bounded){
        .policy = {.begin = begin, .choose = choose, .draw = draw, .blind = true},
        .cost = cost,
        .last = last};
}

void policy_bounded_free(struct policy_bounded *bounded)
{
    free(bounded->frames);
    policy_bounded_init(bounded, bounded->cost, bounded->last);
}

bool policy_bounded_repeats(const struct policy_bounded *bounded)
{
    return bounded->spent < bounded->bound;
}

bool policy_bounded_next(struct policy_bounded *bounded)
{
    /* A run that was cut short did not come to the later choices of the one before it. */
    if (bounded->depth < bounded->count)
        bounded->count = bounded->depth;
    while (bounded->count > 0) {
        struct bounded_frame *last = &bounded->frames[bounded->count - 1];

        if (++last->taken < last->limit)
            break;
        bounded->count--;
    }
    snapshots_drop(bounded->policy.snapshots, bounded->count);
    if (bounded->count > 0)
        return true;
    if (!bounded->pruned || bounded->bound == bounded->last || bounded->bound == UINT32_MAX)
        return false;
    bounded->bound++;
    bounded->pruned = false;
    return true;
}

double policy_bounded_share(const struct policy_bounded *bounded)
{
    double share = 0;
    double weight = 1;

    for (size_t i = 0; i < bounded->count; i++) {
        weight /= bounded->frames[i].limit;
        share += bounded->frames[i].taken * weight;
    }
    return share;
}

void policy_bounded_save(const struct policy_bounded *bounded, FILE *out)
{
    (void)fprintf(out, "bound %u\npruned %d\nplace %zu\n", bounded->bound, bounded->pruned,
                  bounded->count);
    for (size_t i = 0; i < bounded->count; i++)
        (void)fprintf(out, "c %u %u %u\n", bounded->frames[i].taken, bounded->frames[i].limit,
                      bounded->frames[i].offered);
}

static bool load_frame(struct policy_bounded *bounded, struct reader *in)
{
    struct bounded_frame frame = {0};

    if (!reader_key(in, "c") || !reader_u32(in, UINT32_MAX - 1, &frame.taken) ||
        !reader_u32(in, UINT32_MAX, &frame.limit) || !reader_u32(in, UINT32_MAX, &frame.offered) ||
        !reader_end(in))
        return false;
    if (frame.taken >= frame.limit || frame.limit > frame.offered || frame.offered < 2)
        return reader_fail(in, "a choice that is none");
    if (!vec_reserve(&bounded->frames, bounded->count + 1, &bounded->capacity,
                     sizeof(*bounded->frames)))
        return reader_fail(in, "out of memory");
    bounded->frames[bounded->count++] = frame;
    return true;
}

bool policy_bounded_load(struct policy_bounded *bounded, struct reader *in)
{
    uint32_t most = bounded->last < 0 ? UINT32_MAX : (uint32_t)bounded->last;
    uint32_t count = 0;

    if (!reader_key(in, "bound") || !reader_u32(in, most, &bounded->bound) || !reader_end(in) ||
        !reader_key(in, "pruned") || !reader_flag(in, &bounded->pruned) || !reader_end(in) ||
        !reader_key(in, "place") || !reader_u32(in, UINT32_MAX, &count) || !reader_end(in))
        return false;
    bounded->count = 0;
    for (uint32_t i = 0; i < count; i++)
        if (!load_frame(bounded, in))
            return false;
    return true;
}
