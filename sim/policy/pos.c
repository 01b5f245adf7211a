#include "sim/policy/pos.h"

#include "sim/trace/event.h"

static void begin(struct policy *policy)
{
    struct policy_pos *pos = (struct policy_pos *)policy;

    priorities_begin(&pos->priorities, pos->seed, pos->execution++);
}

static bool reads(const struct sim_option *option)
{
    return option->op == SIM_EV_READ || option->op == SIM_EV_ATOMIC_LOAD;
}

bool policy_pos_race(const struct sim_option *a, const struct sim_option *b)
{
    return a->actor != b->actor && a->object != 0 && a->object == b->object &&
           a->op != SIM_EV_RESUME && b->op != SIM_EV_RESUME && !(reads(a) && reads(b));
}

static uint32_t choose(struct policy *policy, const struct sim_choice *choice)
{
    struct policy_pos *pos = (struct policy_pos *)policy;
    const struct sim_option *options = choice->options;
    uint32_t best = 0;
    uint64_t most = 0;

    if (sim_choice_is_number(choice->kind))
        return prng_below(&pos->priorities.prng, choice->count);
    /* It has just run, so its event is a new one, even if it was not chosen for the last. */
    if (choice->preempting)
        priorities_forget(&pos->priorities, options[0].actor);
    for (uint32_t i = 0; i < choice->count; i++) {
        const uint64_t *priority = priorities_get(&pos->priorities, options[i].actor);

        if (priority == NULL)
            return SIM_NO_MEMORY;
        if (*priority > most) {
            most = *priority;
            best = i;
        }
    }
    priorities_forget(&pos->priorities, options[best].actor);
    for (uint32_t i = 0; i < choice->count; i++)
        if (policy_pos_race(&options[i], &options[best]))
            priorities_forget(&pos->priorities, options[i].actor);
    return best;
}

void policy_pos_init(struct policy_pos *pos, uint64_t seed)
{
    *pos = (struct policy_pos){.policy = {.begin = begin, .choose = choose}, .seed = seed};
}

void policy_pos_free(struct policy_pos *pos)
{
    priorities_free(&pos->priorities);
}
