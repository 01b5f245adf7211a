/* Most steps are alike: a thread's, while time stands still and nobody spins.  What is done for
 * them here is what dpor.c does for any step, without what cannot matter. */
#include "sim/policy/dpor_state.h"

bool dpor_is_plain(const struct dpor *dpor, const struct sim_choice *given)
{
    if (given->kind != SIM_CHOICE_THREAD || dpor->open == DPOR_NONE ||
        dpor->open < dpor->first_new || dpor->depth < dpor->kept || dpor->parts > 1 ||
        dpor->spin.repeaters > 0 || dpor->wait_capacity > 0)
        return false;
    const struct dpor_frame *open = &dpor->frames[dpor->open];

    return dpor->threads && !dpor->turns && !dpor->loops && !dpor->has_clock && !dpor->idles &&
           !dpor->released && !dpor->woke && !dpor->lists && !open->wide && !open->print->silent &&
           open->now_ns == given->now_ns;
}

uint32_t dpor_step_plainly(struct dpor *dpor, const struct sim_choice *given)
{
    struct sim_choice choice = *given;

    if (!dpor_finish(dpor, dpor->open) || !dpor_remember(dpor, given))
        return dpor_out_of_memory(dpor);
    choice.options = dpor->last;
    if (dpor->script != NULL)
        dpor_forget_script(dpor);
    struct dpor_frame *frame = dpor_push(dpor);

    if (frame == NULL || !dpor_inherit_sleep(dpor, frame))
        return dpor_out_of_memory(dpor);
    frame->now_ns = given->now_ns;
    frame->epoch = dpor->frames[dpor->open].epoch;
    uint32_t option = dpor_take(dpor, frame, &choice);

    if (option == SIM_DIVERGE)
        return option;
    dpor->last_at = option;
    dpor->pieces = 0;
    dpor->by_task = false;
    return option;
}
