/* Who takes the steps of an execution: threads, tasks, the clock, and the callbacks of loops. */
#include "sim/policy/dpor_state.h"

uint32_t dpor_callbacks(struct dpor *dpor, uint32_t kind)
{
    if (dpor->callbacks[kind] == 0)
        dpor->callbacks[kind] = dpor_own(dpor, DPOR_OWN_CALLBACKS + kind);
    return dpor->callbacks[kind];
}

/* Of a loop's callbacks, those of a kind are one actor. */
static uint32_t callbacks_of(struct dpor *dpor, const struct sim_option *option)
{
    return dpor_callbacks(dpor, option->actor == 0 ? option->call : 0);
}

uint32_t dpor_actor(struct dpor *dpor, const struct sim_option *option)
{
    /* Where loops keep their order, what happens on a thread is one thing after another. */
    if (!dpor->turns && option->thread != 0)
        return identity_of(&dpor->identity, option->thread);
    /* The first thread of an asyncio program does nothing itself but wait. */
    bool callback =
        option->actor == 0 || (option->actor == 1 && dpor->loops && option->op != SIM_EV_RESUME);

    return callback ? callbacks_of(dpor, option) : identity_of(&dpor->identity, option->actor);
}
