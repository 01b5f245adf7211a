#include "sim/core/choose.h"

#include <stdlib.h>

#include "sim/core/state.h"

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

uint32_t sim_choose(struct sim *sim, enum sim_choice_kind kind, bool preempting,
                    const struct sim_option *options, uint32_t count)
{
    uint32_t taken = 0;

    if (count < 2)
        return 0;
    if (sim->policy != NULL) {
        struct sim_choice choice = {.kind = kind,
                                    .preempting = preempting,
                                    .count = count,
                                    .index = (uint32_t)sim->schedule.count,
                                    .options = options};

        taken = sim->policy->choose(sim->policy, &choice);
    }
    if (taken == SIM_DIVERGE)
        sim_abandon(sim, SIM_OUTCOME_DIVERGED);
    SIM_ASSERT(taken < count);
    if (!schedule_push(&sim->schedule, taken))
        sim_abandon(sim, SIM_OUTCOME_MEMORY);
    sim_note(sim, SIM_EV_CHOICE, .actor = sim_actor(sim),
             .object = options == NULL ? 0 : options[taken].actor, .aux = (unsigned)kind,
             .value = (int64_t)(((uint64_t)taken << 32) | count));
    return taken;
}

uint32_t sim_choose_number(struct sim *sim, uint32_t count)
{
    SIM_ASSERT(count > 0);
    if (!sim->lists_options)
        return sim_choose(sim, SIM_CHOICE_NUMBER, false, NULL, count);
    struct sim_option *options = sim_options(sim, count);

    for (uint32_t i = 0; i < count; i++)
        options[i] = (struct sim_option){.actor = sim_actor(sim), .op = SIM_EV_CHOICE};
    return sim_choose(sim, SIM_CHOICE_NUMBER, false, options, count);
}
