#include "sim/policy/random.h"

#include <stddef.h>

#include "sim/base/assert.h"
#include "sim/core/snapshot.h"

/* No number of a known choice, nor of a snapshot. */
#define NONE UINT32_MAX

/* Each choice is worth saving, whatever a snapshot says of those that follow it. */
enum { PLACES = 64 };

/* What no longer fits into the cache takes longer to be restored than to be run. */
enum { SIZE_MOST = 1 << 21 };

/* The tree is so deep at first, and grows by one choice after so many runs: before that, most
 * choices that lie less deep are known. */
enum { DEPTH_AT_FIRST = 4, RUNS_A_DEPTH = 64 };

_Static_assert((int)RANDOM_KNOWN <= UINT16_MAX, "a choice has its number in so many bits");
_Static_assert((int)RANDOM_DEPTH <= (int)SNAPSHOT_CHOICES, "those before it are saved, too");

static uint32_t draw(struct policy *policy, uint32_t count, bool preempting)
{
    (void)preempting;
    return prng_below(&((struct policy_random *)policy)->prng, count);
}

/* A choice that no run came to before.  Returns false if it is too early, or there is no room, to
 * know it. */
static bool learn(struct policy_random *random, uint32_t count)
{
    if (random->known_count == random->known_most ||
        random->depth > DEPTH_AT_FIRST + random->runs / RUNS_A_DEPTH)
        return false;
    if (snapshots_size(random->policy.snapshots) >= SIZE_MOST) {
        random->known_most = random->known_count;
        return false;
    }
    random->at = random->known_count++;
    random->known[random->at] = (struct random_choice){.offered = count, .snapshot = NONE};
    if (random->link != NULL)
        *random->link = (uint16_t)random->at;
    return true;
}

/* This was drawn at a known choice: go on to the next. */
static inline uint32_t follow(struct policy_random *random, struct random_choice *choice,
                              uint32_t taken)
{
    if (taken >= RANDOM_OPTIONS || ++random->depth == RANDOM_DEPTH) {
        random->policy.draw = draw;
        return taken;
    }
    random->link = &choice->on[taken];
    random->at = *random->link == 0 ? NONE : *random->link;
    if (random->at == NONE && random->known_count == random->known_most)
        random->policy.draw = draw;
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

    if (is_new && snapshots_want(snapshots, ((size_t)random->at + 1) * PLACES, 0)) {
        choice->snapshot = (uint32_t)snapshots_count(snapshots);
        return SIM_SAVE;
    }
    if (choice->snapshot != NONE && choice->snapshot >= snapshots_count(snapshots))
        choice->snapshot = NONE; /* it could not be saved */
    return follow(random, choice, prng_below(&random->prng, count));
}

/* As the seed and the number of the run that has begun say. */
static inline void seed_run(struct policy_random *random)
{
    prng_seed(&random->prng, random->seed ^ (random->execution - 1));
}

/* The run begins at the beginning. */
static void start(struct policy_random *random)
{
    seed_run(random);
    random->at = random->known_count == 0 ? NONE : 0;
    random->depth = 0;
    random->link = NULL;
    random->policy.draw = draw_early;
}

/* The first question of a run that goes on is the one that was answered by SIM_SAVE. */
static uint32_t draw_first(struct policy *policy, uint32_t count, bool preempting)
{
    struct policy_random *random = (struct policy_random *)policy;

    if (snapshots_place(policy->snapshots) == 0) {
        start(random);
        return draw_early(policy, count, preempting);
    }
    SIM_ASSERT(random->known[random->from].offered == count);
    random->depth = random->from_depth;
    policy->draw = draw_early;
    return follow(random, &random->known[random->from], random->from_taken);
}

/* Go through the known choices as the run will: to the last of them, or to that which lies this
 * deep. */
static inline void walk(struct policy_random *random, uint32_t most)
{
    struct prng prng = random->prng;
    uint32_t at = 0;
    uint32_t depth = 0;

    for (;;) {
        const struct random_choice *choice = &random->known[at];
        uint32_t taken = prng_below(&prng, choice->offered);

        if (taken >= RANDOM_OPTIONS || choice->on[taken] == 0 || depth == most) {
            random->from_taken = taken;
            break;
        }
        at = choice->on[taken];
        depth++;
    }
    random->prng = prng;
    random->from = at;
    random->from_depth = depth;
}

/* The last known one was not saved: is one before it? */
static __attribute__((noinline)) bool walk_less(struct policy_random *random)
{
    uint32_t depth = random->from_depth;

    while (depth-- > 0) {
        seed_run(random);
        walk(random, depth);
        if (random->known[random->from].snapshot != NONE)
            return true;
    }
    return false;
}

static void begin_known(struct policy_random *random)
{
    struct snapshots *snapshots = random->policy.snapshots;

    random->policy.draw = draw_first;
    random->runs++;
    if (random->known_count == 0) {
        snapshots_drop(snapshots, 0);
        return;
    }
    walk(random, RANDOM_DEPTH);
    if (random->known[random->from].snapshot == NONE && !walk_less(random))
        snapshots_skip(snapshots);
    else if (!snapshots_from(snapshots, random->known[random->from].snapshot,
                             ((size_t)random->from + 1) * PLACES))
        random->known_count = 0;
}

static void begin(struct policy *policy)
{
    struct policy_random *random = (struct policy_random *)policy;

    random->execution++;
    seed_run(random);
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
        .seed = prng_splitmix(&seed),
        .execution = execution,
        .known_most = RANDOM_KNOWN};
}
