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

/* Who was planned, or else the first who need not sleep; the number of options: all sleep. */
static uint32_t take(struct dpor *dpor, struct dpor_frame *frame, const struct sim_choice *given)
{
    uint32_t option = given->count;

    if (dpor->script != NULL)
        dpor_forget_script(dpor);
    if (dpor->follow != NULL) {
        struct sim_choice choice = *given;

        choice.options = dpor->last;
        option = dpor_planned(dpor, frame, &choice);
    }
    if (option == given->count)
        for (option = 0; option < given->count; option++)
            if (!dpor_sleeps(frame, dpor_actor(dpor, &dpor->last[option])))
                break;
    return option;
}

uint32_t dpor_step_plainly(struct dpor *dpor, const struct sim_choice *given)
{
    if (!dpor_finish(dpor, dpor->open) || !list(dpor, given))
        return dpor_out_of_memory(dpor);
    struct dpor_frame *frame = dpor_push(dpor);

    if (frame == NULL || !dpor_inherit_sleep(dpor, frame))
        return dpor_out_of_memory(dpor);
    frame->now_ns = given->now_ns;
    frame->epoch = dpor->frames[dpor->open].epoch;
    uint32_t option = take(dpor, frame, given);

    if (option == given->count)
        return dpor_all_sleep(dpor, frame);
    frame->print = footprint_new(&dpor->prints, dpor_actor(dpor, &dpor->last[option]));
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
