/* Where a step is no more than the way to the next one.
 *
 * What a thread does first, before it touches anything, and the joining of threads that have ended,
 * can be in no race with anything: wherever else it was done, nobody could tell.  So it is no step
 * of its own, but the first piece of the next one, if that can follow at once; and where it cannot,
 * no plan ever names it. */
#include "sim/policy/dpor_state.h"

/* Is there a piece to follow, and nothing to be seen in between?  Loops, and deadlines that may
 * pass, look at each piece by itself. */
static bool may_go_on(const struct dpor *dpor, const struct sim_choice *choice)
{
    const struct dpor_frame *frame = &dpor->frames[dpor->open];

    if (dpor->open < dpor->first_new)
        return dpor->pieces < frame->pieces;
    return frame->print->silent && choice->now_ns == frame->until_ns && !frame->could_time &&
           !dpor->turns && !dpor->loops && !dpor->woke;
}

/* Is it the open step's own thread, which only passes? */
static bool begins_to_pass(struct dpor *dpor, const struct sim_choice *given,
                           const struct sim_option *option)
{
    if (dpor->open == DPOR_NONE || dpor->open < dpor->first_new || dpor->released || dpor->idles ||
        dpor->spin.repeaters > 0 || !may_go_on(dpor, given))
        return false;
    return option->actor == option->thread &&
           dpor_actor(dpor, option) == dpor->frames[dpor->open].print->actor;
}

/* Its thread goes on with so many pieces, of which the option is the last. */
static void go_on(struct dpor *dpor, const struct sim_option *option, uint32_t pieces)
{
    struct dpor_frame *frame = &dpor->frames[dpor->open];

    dpor->passes = true;
    frame->op = option->op;
    frame->pieces += pieces;
    dpor->pieces += pieces;
    dpor->last_from = dpor->last_at;
    if (dpor->listed)
        dpor->last[dpor->last_at] = *option;
}

/* Nobody else could be enabled or held back by what has no news, so that the options are those of
 * the last decision, from the one that goes on. */
bool dpor_goes_on_at_once(struct dpor *dpor, const struct sim_choice *given)
{
    if (!given->preempting || given->count != dpor->last_count || sim_choice_has_news(given))
        return false;
    struct sim_option option = sim_choice_first(given);

    if (!dpor->passes && !begins_to_pass(dpor, given, &option))
        return false;
    go_on(dpor, &option, 1);
    dpor_let_pass(dpor, given->count);
    return true;
}

void dpor_let_pass(struct dpor *dpor, uint32_t offered)
{
    dpor->passing.offered = dpor->tasks ? 0 : offered;
}

void dpor_see_passes_surely(struct dpor *dpor)
{
    uint32_t taken = dpor->passing.taken;

    dpor->passing.taken = 0;
    go_on(dpor, &dpor->passing.last, taken);
    for (uint32_t i = 0; i < taken; i++) {
        dpor->call++;
        if (!dpor_note_answer(dpor, (struct sim_answer){0, dpor->last_count}))
            dpor->sink.out_of_memory = true;
    }
}

bool dpor_goes_on(struct dpor *dpor, const struct sim_choice *choice, uint32_t *option)
{
    if (choice->kind != SIM_CHOICE_THREAD || dpor->open == DPOR_NONE || dpor->released ||
        !may_go_on(dpor, choice))
        return false;
    struct dpor_frame *frame = &dpor->frames[dpor->open];
    const struct sim_option *options = choice->options;
    uint32_t at = 0;

    while (at < choice->count && dpor_actor(dpor, &options[at]) != frame->print->actor)
        at++;
    if (at == choice->count || options[at].actor != options[at].thread ||
        dpor_waits(dpor, &options[at]))
        return false;
    bool known = dpor->open < dpor->first_new;

    if (!known) {
        frame->op = options[at].op;
        frame->pieces++;
        dpor->last_at = at;
        if (!dpor_remember(dpor, choice)) {
            dpor->sink.out_of_memory = true;
            return false;
        }
    }
    dpor->pieces++;
    dpor_wake(dpor, &options[at], known);
    *option = at;
    return true;
}
