/* Most steps are alike: a thread's, while time stands still and nobody spins.  What is done for
 * them here is what dpor.c does for any step, without what cannot matter. */
#include "sim/policy/dpor_state.h"

bool dpor_is_plain(const struct dpor *dpor, const struct sim_choice *given)
{
    bool special = (dpor->parts > 1) | (dpor->spin.repeaters > 0) | (dpor->wait_capacity > 0) |
                   dpor->turns | dpor->loops | dpor->has_clock | dpor->idles | dpor->released |
                   dpor->woke | dpor->lists | !dpor->threads;

    if (special || given->kind != SIM_CHOICE_THREAD || dpor->open == DPOR_NONE ||
        dpor->open < dpor->first_new || dpor->depth < dpor->kept)
        return false;
    const struct dpor_frame *open = &dpor->frames[dpor->open];

    return !open->wide && !open->print->silent && open->until_ns == given->now_ns;
}

/* Can the first option be taken without a look at the others, as nothing else is planned and it
 * need not sleep?  Not where somebody will ask who the others were: when the first thread ends, or
 * a task is woken. */
static inline bool takes_first(const struct dpor *dpor, const struct dpor_frame *frame,
                               const struct sim_option *option)
{
    return dpor->follow == NULL && !dpor->tasks && option->thread != FIRST_THREAD &&
           !dpor_sleeps(frame, identity_of(&dpor->identity, option->thread));
}

/* Look at all options, and take one. */
static uint32_t take(struct dpor *dpor, struct dpor_frame *frame, const struct sim_choice *given)
{
    struct sim_choice choice = *given;

    if (!dpor_remember(dpor, given))
        return dpor_out_of_memory(dpor);
    choice.options = dpor->last;
    return dpor_take(dpor, frame, &choice);
}

uint32_t dpor_step_plainly(struct dpor *dpor, const struct sim_choice *given)
{
    uint32_t option = SIM_DIVERGE;

    if (!dpor_finish(dpor, dpor->open))
        return dpor_out_of_memory(dpor);
    if (dpor->script != NULL)
        dpor_forget_script(dpor);
    struct dpor_frame *frame = dpor_push(dpor);

    if (frame == NULL || !dpor_inherit_sleep(dpor, frame))
        return dpor_out_of_memory(dpor);
    frame->now_ns = given->now_ns;
    frame->until_ns = given->now_ns;
    frame->epoch = dpor->frames[dpor->open].epoch;
    struct sim_option first = sim_choice_first(given);

    if (takes_first(dpor, frame, &first)) {
        dpor->listed = false;
        dpor->last_count = given->count;
        option = dpor_open_step(dpor, frame, &first, 0, given->count);
    } else {
        option = take(dpor, frame, given);
    }
    if (!sim_is_option(option))
        return option;
    dpor->last_at = option;
    dpor->pieces = 0;
    dpor->by_task = false;
    dpor_let_pass(dpor, given->count);
    return option;
}
