/* Most steps are alike: a thread's, while time stands still, nobody spins, and nothing is planned.
 * What is done for them here is what dpor.c does for any step, without what cannot matter. */
#include "sim/policy/dpor_state.h"

bool dpor_is_plain(const struct dpor *dpor, const struct sim_choice *given)
{
    if (given->kind != SIM_CHOICE_THREAD || dpor->open == DPOR_NONE ||
        dpor->open < dpor->first_new || dpor->depth < dpor->kept || dpor->follow != NULL ||
        dpor->script != NULL || dpor->parts > 1 || dpor->spin.repeaters > 0 ||
        dpor->wait_capacity > 0)
        return false;
    const struct dpor_frame *open = &dpor->frames[dpor->open];

    return dpor->threads && !dpor->turns && !dpor->loops && !dpor->has_clock && !dpor->idles &&
           !dpor->released && !dpor->woke && !dpor->lists && !open->wide && !open->print->silent &&
           open->now_ns == given->now_ns;
}

/* Keep the options where the next decision finds them. */
static bool list(struct dpor *dpor, const struct sim_choice *given)
{
    if (!vec_reserve(&dpor->last, given->count, &dpor->last_capacity, sizeof(*dpor->last)))
        return false;
    sim_choice_list(given, dpor->last);
    dpor->last_count = given->count;
    dpor->last_from = 0;
    return true;
}

uint32_t dpor_step_plainly(struct dpor *dpor, const struct sim_choice *given)
{
    if (!dpor_finish(dpor, dpor->open) || !list(dpor, given))
        return dpor_out_of_memory(dpor);
    struct dpor_frame *frame = dpor_push(dpor);

    if (frame == NULL || !dpor_inherit_sleep(dpor, frame))
        return dpor_out_of_memory(dpor);
    uint32_t option = 0;
    uint32_t actor = dpor_actor(dpor, &dpor->last[0]);

    while (dpor_sleeps(frame, actor)) {
        if (++option == given->count)
            return dpor_all_sleep(dpor, frame);
        actor = dpor_actor(dpor, &dpor->last[option]);
    }
    frame->now_ns = given->now_ns;
    frame->epoch = dpor->frames[dpor->open].epoch;
    frame->print = footprint_new(&dpor->prints, actor);
    if (frame->print == NULL)
        return dpor_out_of_memory(dpor);
    frame->option = option;
    frame->offered = given->count;
    frame->op = dpor->last[option].op;
    dpor->open = dpor->count - 1;
    dpor->numbers = 0;
    dpor->depth++;
    dpor->last_at = option;
    dpor->pieces = 0;
    dpor->by_task = false;
    return option;
}
