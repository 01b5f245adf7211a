#include "sim/policy/random.h"

#include <stddef.h>

#include "sim/core/snapshot.h"

/* No number of a known choice, nor of a snapshot. */
#define NONE UINT32_MAX

/* Each choice is worth saving, whatever a snapshot says of those that follow it. */
enum { PLACES = 64 };

/* What no longer fits into the cache takes longer to be restored than to be run. */
enum { SIZE_MOST = 1 << 20 };

_Static_assert((int)RANDOM_KNOWN <= UINT8_MAX, "a choice has its number in a byte");
_Static_assert((int)RANDOM_DEPTH <= (int)SNAPSHOT_CHOICES, "those before it are saved, too");

static uint32_t draw(struct policy *policy, uint32_t count, bool preempting)
{
    (void)preempting;
    return prng_below(&((struct policy_random *)policy)->prng, count);
}

/* A choice that no run came to before.  Returns false if there is no room to know it. */
static bool learn(struct policy_random *random, uint32_t count)
{
    if (random->known_count == RANDOM_KNOWN)
        return false;
    random->at = random->known_count++;
    random->known[random->at] = (struct random_choice){.offered = count, .snapshot = NONE};
    if (random->link != NULL)
        *random->link = (uint8_t)random->at;
    return true;
}

/* Draw at a known choice, and go on to the next. */
static uint32_t pass(struct policy_random *random, uint32_t count)
{
    struct random_choice *choice = &random->known[random->at];
    uint32_t taken = prng_below(&random->prng, count);

    if (taken >= RANDOM_OPTIONS || ++random->depth == RANDOM_DEPTH) {
        random->policy.draw = draw;
        return taken;
    }
    random->link = &choice->on[taken];
    random->at = *random->link == 0 ? NONE : *random->link;
    return taken;
}

static uint32_t draw_early(struct policy *policy, uint32_t count, bool preempting)
{
    struct policy_random *random = (struct policy_random *)policy;
    struct snapshots *snapshots = policy->snapshots;
    bool is_new = random->at == NONE;

    if ((is_new && !learn(random, count)) || random->known[random->at].offered != count) {
        policy->draw = draw;
        return draw(policy, count, preempting);
    }
    struct random_choice *choice = &random->known[random->at];

    if (is_new && snapshots_size(snapshots) < SIZE_MOST &&
        snapshots_want(snapshots, ((size_t)random->at + 1) * PLACES, 0)) {
        choice->snapshot = (uint32_t)snapshots_count(snapshots);
        return SIM_SAVE;
    }
    if (choice->snapshot != NONE && choice->snapshot >= snapshots_count(snapshots))
        choice->snapshot = NONE; /* it could not be saved */
    return pass(random, count);
}

static void start(struct policy_random *random)
{
    bool goes_on = snapshots_place(random->policy.snapshots) != 0;

    random->at = goes_on ? random->from : random->known_count == 0 ? NONE : 0;
    random->depth = goes_on ? random->from_depth : 0;
    random->link = NULL;
    if (goes_on)
        random->prng = random->from_prng;
}

static uint32_t draw_first(struct policy *policy, uint32_t count, bool preempting)
{
    start((struct policy_random *)policy);
    policy->draw = draw_early;
    return draw_early(policy, count, preempting);
}

/* Go through the known choices as the run will: to the last that was saved. */
static void find_snapshot(struct policy_random *random)
{
    struct prng prng = random->prng;
    uint32_t at = 0;

    random->from = NONE;
    for (uint32_t depth = 0; depth < RANDOM_DEPTH; depth++) {
        const struct random_choice *choice = &random->known[at];

        if (choice->snapshot != NONE) {
            random->from = at;
            random->from_depth = depth;
            random->from_prng = prng;
        }
        uint32_t taken = prng_below(&prng, choice->offered);

        if (taken >= RANDOM_OPTIONS || choice->on[taken] == 0)
            return;
        at = choice->on[taken];
    }
}

static void begin_known(struct policy_random *random)
{
    struct snapshots *snapshots = random->policy.snapshots;

    random->policy.draw = draw_first;
    if (random->known_count > 0)
        find_snapshot(random);
    if (random->known_count == 0)
        snapshots_drop(snapshots, 0);
    else if (random->from == NONE)
        snapshots_skip(snapshots);
    else if (!snapshots_from(snapshots, random->known[random->from].snapshot,
                             ((size_t)random->from + 1) * PLACES))
        random->known_count = 0;
}

static void begin(struct policy *policy)
{
    struct policy_random *random = (struct policy_random *)policy;
    uint64_t mixed = random->seed;

    mixed = prng_splitmix(&mixed) ^ random->execution++;
    prng_seed(&random->prng, mixed);
    policy->draw = draw;
    if (policy->snapshots != NULL)
        begin_known(random);
}

static uint32_t choose(struct policy *policy, const struct sim_choice *choice)
{
    if (policy->draw == draw_first)
        start((struct policy_random *)policy);
    policy->draw = draw;
    return draw(policy, choice->count, choice->preempting);
}

void policy_random_init(struct policy_random *random, uint64_t seed, uint64_t execution)
{
    *random = (struct policy_random){
        .policy = {.begin = begin, .choose = choose, .draw = draw, .blind = true},
        .seed = seed,
        .execution = execution};
}
