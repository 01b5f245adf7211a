#include "sim/explore/contained.h"

void contained_free(struct contained *contained)
{
    schedule_free(&contained->schedule);
}

uint64_t contained_next(uint64_t execution)
{
    enum { FIRST = 8, EVERY = 4096 };

    for (uint64_t next = FIRST; next < EVERY; next *= FIRST)
        if (next > execution)
            return next;
    return (execution / EVERY + 1) * EVERY;
}

static bool is_same(const struct summary *a, const struct summary *b)
{
    return a->outcome == b->outcome && a->end_ns == b->end_ns && a->changes == b->changes &&
           a->values == b->values && a->taken == b->taken && a->acquired == b->acquired &&
           a->threads == b->threads && a->ended == b->ended && a->raced == b->raced &&
           a->lost == b->lost && a->up == b->up && a->down == b->down && a->blocked == b->blocked &&
           a->unheard == b->unheard && a->doubt == b->doubt && a->refused == b->refused;
}

bool contained_repeats(struct contained *contained, struct sim *sim, struct policy *policy,
                       struct summary *first, sim_body_fn main, void *arg, bool *same)
{
    uint32_t steps = sim_steps(sim);

    if (!schedule_copy(&contained->schedule, sim_schedule(sim)))
        return false;
    policy_replay_init(&contained->replay, &contained->schedule);
    sim_set_policy(sim, &contained->replay.policy);
    sim_set_summary(sim, &contained->summary);
    enum sim_outcome outcome = sim_run(sim, main, arg);

    sim_set_policy(sim, policy);
    sim_set_summary(sim, first);
    *same = sim_steps(sim) == steps && sim_schedule(sim)->count == contained->schedule.count &&
            is_same(first, &contained->summary);
    return outcome != SIM_OUTCOME_NO_MEMORY;
}
