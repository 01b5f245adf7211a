/* From one execution of optimal DPOR to the next: where they part. */
#include "sim/policy/dpor_state.h"

/* What the frame's step touches will have to be seen, as an actor's. */
static bool begin_anew(struct dpor *dpor, struct dpor_frame *frame, uint32_t actor)
{
    frame->print = footprint_new(&dpor->prints, actor);
    frame->pieces = 0;
    frame->varies = false;
    frame->changed = false;
    frame->woken = false;
    frame->alone = false;
    frame->until_ns = frame->now_ns;
    dpor->sink.out_of_memory |= frame->print == NULL;
    return frame->print != NULL;
}

/* The step at that place in a list comes next, and then what was planned to follow it. */
static void follow(struct dpor *dpor, struct wakeup_node **place)
{
    struct wakeup_node *node = *place;

    *place = node->next;
    dpor->follow = node->first;
    dpor->script = footprint_share(node->print);
    wakeup_node_free(&dpor->nodes, &dpor->prints, node);
}

/* The step goes another way, with the number of the frame.  A step that was planned may be this
 * one: then the same is to follow it.  Returns false when out of memory. */
static bool begin_way(struct dpor *dpor, struct dpor_frame *owner, const struct dpor_frame *number)
{
    struct wakeup_node **place = &owner->siblings;
    uint32_t actor = owner->print->actor;

    while (*place != NULL &&
           ((*place)->print->partial || (*place)->print->actor != actor ||
            !footprint_chooses((*place)->print, owner->print, number->nth, number->option)))
        place = &(*place)->next;
    if (*place != NULL)
        follow(dpor, place);
    if (!dpor_join_rest(dpor, owner) || !dpor_lay_down_way(owner)) {
        dpor->sink.out_of_memory = true;
        return false;
    }
    return begin_anew(dpor, owner, actor);
}

/* Try the next value of a number.  Returns false when all have been tried. */
static bool next_value(struct dpor *dpor, struct dpor_frame *frame)
{
    struct dpor_frame *owner = frame->owner == DPOR_NONE ? NULL : &dpor->frames[frame->owner];

    do {
        if (++frame->tries == frame->offered)
            return false;
        frame->option = frame->tries - 1 < frame->start ? frame->tries - 1 : frame->tries;
    } while (owner != NULL && dpor_sleeps_that_way(owner, frame->nth, frame->option));
    dpor->first_new = owner == NULL ? 0 : frame->owner;
    if (owner == NULL)
        return true;
    if (owner->finished)
        dpor_unfinish(dpor, frame->owner);
    return begin_way(dpor, owner, frame);
}

/* What was tried last need not be tried again.  Returns false when out of memory. */
static bool put_to_sleep(struct dpor *dpor, struct dpor_frame *frame)
{
    if (frame->option < frame->offered)
        return dpor_join_rest(dpor, frame) && dpor_lay_down(frame);
    /* One that could not be taken has shown nothing. */
    footprint_drop(&dpor->prints, frame->print);
    frame->print = NULL;
    return true;
}

/* The next step that was planned; NULL: none.  One whose actor sleeps was planned for one way that
 * it goes, and has gone all. */
static struct wakeup_node *next_awake(struct dpor *dpor, struct dpor_frame *frame)
{
    while (frame->siblings != NULL && dpor_sleeps(frame, frame->siblings->print->actor)) {
        struct wakeup_node *node = frame->siblings;

        frame->siblings = node->next;
        node->next = NULL;
        wakeup_free(&dpor->nodes, &dpor->prints, &node);
    }
    return frame->siblings;
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
    const struct wakeup_node *node = next_awake(dpor, frame);

    if (node == NULL)
        return false;
    uint32_t actor = node->print->actor;

    frame->tried++;
    dpor->first_new = dpor->count - 1;
    follow(dpor, &frame->siblings);
    (void)begin_anew(dpor, frame, actor);
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
