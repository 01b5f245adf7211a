/* From one execution of optimal DPOR to the next: where they part. */
#include "sim/policy/dpor_state.h"

/* What the step touches will have to be seen again.  Returns false when out of memory. */
static bool begin_anew(struct dpor *dpor, struct dpor_frame *frame)
{
    struct footprint *print = footprint_new(&dpor->prints, frame->print->actor);

    footprint_drop(&dpor->prints, frame->print);
    frame->print = print;
    frame->pieces = 0;
    frame->varies = false;
    frame->changed = false;
    frame->woken = false;
    frame->alone = false;
    dpor->sink.out_of_memory |= print == NULL;
    return print != NULL;
}

/* Try the next value of a number.  Returns false when all have been tried. */
static bool next_value(struct dpor *dpor, struct dpor_frame *frame)
{
    if (++frame->tries == frame->offered)
        return false;
    frame->option = frame->tries - 1 < frame->start ? frame->tries - 1 : frame->tries;
    dpor->first_new = frame->owner == DPOR_NONE ? 0 : frame->owner;
    if (frame->owner != DPOR_NONE) {
        struct dpor_frame *owner = &dpor->frames[frame->owner];

        if (owner->finished)
            dpor_unfinish(dpor, frame->owner);
        return begin_anew(dpor, owner);
    }
    return true;
}

/* What was tried last need not be tried again.  Returns false when out of memory. */
static bool put_to_sleep(struct dpor *dpor, struct dpor_frame *frame)
{
    /* One that could not be taken has shown nothing. */
    if (frame->option >= frame->offered) {
        footprint_drop(&dpor->prints, frame->print);
        frame->print = NULL;
        return true;
    }
    if (!dpor_join_rest(dpor, frame) || !dpor_fall_asleep(frame, frame->print, frame->wide))
        return false;
    frame->print = NULL;
    return true;
}

/* Try another step in place of this one.  Returns false when none is planned. */
static bool next_sibling(struct dpor *dpor, struct dpor_frame *frame)
{
    if (frame->finished)
        dpor_unfinish(dpor, dpor->count - 1);
    if (frame->siblings == NULL)
        return false;
    if (!put_to_sleep(dpor, frame)) {
        dpor->sink.out_of_memory = true;
        return false;
    }
    struct wakeup_node *node = frame->siblings;

    if (node == NULL)
        return false;
    frame->siblings = node->next;
    frame->tried++;
    frame->pieces = 0;
    frame->print = footprint_new(&dpor->prints, node->print->actor);
    dpor->follow = node->first;
    dpor->script = footprint_share(node->print);
    frame->varies = false;
    frame->changed = false;
    frame->woken = false;
    frame->alone = false;
    dpor->first_new = dpor->count - 1;
    wakeup_node_free(&dpor->nodes, &dpor->prints, node);
    dpor->sink.out_of_memory |= frame->print == NULL;
    return true;
}

/* Before another step is tried in the last frame, it has to be seen who can go on there: the way
 * there once more. */
static bool list(struct dpor *dpor)
{
    dpor->lists = true;
    dpor->first_new = dpor->count - 1;
    return true;
}

/* Until now it seemed that loops keep their order. */
static bool begin_again(struct dpor *dpor)
{
    dpor_drop_never(dpor);
    dpor_forget_script(dpor);
    wakeup_free(&dpor->nodes, &dpor->prints, &dpor->follow);
    while (dpor->count > 0)
        dpor_pop(dpor);
    dpor->begin_again = false;
    dpor->kept = 0;
    dpor->first_new = 0;
    dpor->prefix = 0;
    return true;
}

bool dpor_next(struct dpor *dpor, bool complete)
{
    bool more = false;

    dpor_see_passes(dpor);
    dpor->again = false;
    dpor->statistics.nondeterministic |= dpor->known.broken;
    if (dpor->begin_again)
        return begin_again(dpor);

    /* Where everybody spins, nothing more will come. */
    complete |= dpor->idles;
    /* Who sleeps lightly may be woken by what happens in another order. */
    if ((complete || dpor->unwoken) &&
        ((dpor->open != DPOR_NONE && !dpor_finish(dpor, dpor->open)) || !dpor_plan(dpor)))
        dpor->sink.out_of_memory = true;
    dpor_narrow_open(dpor);
    dpor_drop_never(dpor);
    dpor_forget_script(dpor);
    wakeup_free(&dpor->nodes, &dpor->prints, &dpor->follow);
    dpor->lists = false;
    while (!more && dpor->count > 0 && !dpor->sink.out_of_memory &&
           !dpor->statistics.nondeterministic) {
        struct dpor_frame *frame = &dpor->frames[dpor->count - 1];

        more = frame->unlisted       ? list(dpor)
               : dpor_is_step(frame) ? next_sibling(dpor, frame)
                                     : frame->offered > 0 && next_value(dpor, frame);
        dpor->prefix += more && frame->shared && !dpor->lists;
        if (!more)
            dpor_pop(dpor);
    }
    dpor->kept = dpor->count;
    if (dpor->nodes.used > dpor->plans_max)
        dpor_forget_plans(dpor);
    return more && !dpor->sink.out_of_memory;
}
