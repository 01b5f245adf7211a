#include "sim/core/choose.h"

#include <stdlib.h>

#include "sim/core/snapshot.h"

struct sim_option *sim_options(struct sim *sim, size_t count)
{
    if (count > sim->option_capacity) {
        size_t capacity = count < 16 ? 16 : 2 * count;
        struct sim_option *options = realloc(sim->options, capacity * sizeof(*options));

        if (options == NULL)
            sim_abandon(sim, SIM_OUTCOME_MEMORY);
        sim->options = options;
        sim->option_capacity = capacity;
    }
    return sim->options;
}

void sim_choice_refused(struct sim *sim, uint32_t taken)
{
    SIM_ASSERT(taken == SIM_DIVERGE);
    sim_abandon(sim, SIM_OUTCOME_DIVERGED);
}

__attribute__((noinline)) uint32_t sim_draw_saved_apart(struct sim *sim, bool preempting)
{
    return sim_draw_saved(sim, preempting);
}

void sim_answers_broken(struct sim *sim)
{
    sim->answers->broken = true;
    sim_abandon(sim, SIM_OUTCOME_DIVERGED);
}

uint32_t sim_answers_draw(struct policy *policy, uint32_t count, bool preempting)
{
    struct sim *sim = container_of(policy, struct sim, repeater);
    uint32_t place = sim->answers->next;

    (void)preempting;
    if (place == sim->answers->save && sim->policy->snapshots != NULL) {
        snapshots_take(sim->policy->snapshots, place);
        /* It may be a later run by now. */
        sim->answers->next = place;
    }
    return sim_answer_again(sim, count);
}

void sim_answers_end(struct sim *sim)
{
    sim->answers = NULL;
    if (sim->summary == NULL || sim->only == NULL)
        return;
    memcpy(sim->wanted, sim->wanted_then, sizeof(sim->wanted));
    registry_keep(sim->registry, sim->object_count);
    sim->summary_asks = sim->policy;
    sim->plain = false;
    sim->mute = false;
}

uint32_t sim_choose_number(struct sim *sim, uint32_t count)
{
    SIM_ASSERT(count > 0);
    if (!sim->lists_options)
        return sim_choose(sim, SIM_CHOICE_NUMBER, NULL, count);
    struct sim_option *options = sim_options(sim, count);

    for (uint32_t i = 0; i < count; i++)
        options[i] = (struct sim_option){.actor = sim_actor(sim), .op = SIM_EV_CHOICE};
    return sim_choose(sim, SIM_CHOICE_NUMBER, options, count);
}
