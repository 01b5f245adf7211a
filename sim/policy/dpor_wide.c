/* Wide frames: where everybody who can go on is tried in turn, as with sleep sets alone (Godefroid:
 * Partial-Order Methods for the Verification of Concurrent Systems, LNCS 1032, 1996).
 *
 * The prefixes of executions that a divided search deals out to its parts are made of them: what
 * happens further down cannot change them, so that every part finds the same prefixes in the same
 * order.  Each trace lies below exactly one: that which takes, at each frame, the first actor that
 * can begin it.
 *
 * Who has been tried at a wide frame sleeps lightly below it.  To the search there, it is disabled
 * until somebody touches what it touches; among the executions of that program optimal DPOR runs
 * one for each trace.  Those in which nobody ever wakes it are no executions of the real program:
 * they are given up when everybody sleeps, and their races are planned all the same.
 *
 * Where more is planned than may be held in memory, frames become wide, too, and their plans are
 * forgotten. */
#include "sim/policy/dpor_state.h"

enum { PREFIXES_PER_PART = 16 };

/* About how many prefixes there are such as the one that ends with the last frame. */
static uint32_t prefixes(const struct dpor *dpor)
{
    const struct dpor_frame *open = &dpor->frames[dpor->open];
    uint64_t product = (uint64_t)open->prefixes * open->width;

    for (uint32_t i = dpor->open + 1; i + 1 < dpor->count && product < UINT32_MAX; i++)
        product *= dpor->frames[i].offered;
    return product < UINT32_MAX ? (uint32_t)product : UINT32_MAX;
}

bool dpor_share_out(struct dpor *dpor, struct dpor_frame *frame)
{
    const struct dpor_frame *open = dpor->open == DPOR_NONE ? NULL : &dpor->frames[dpor->open];

    if (open != NULL && !open->shared)
        return true;
    frame->prefixes = open == NULL ? 1 : prefixes(dpor);
    frame->shared = frame->prefixes < (uint64_t)PREFIXES_PER_PART * dpor->parts;
    frame->wide = frame->shared;
    return frame->shared || dpor_owns(dpor);
}

bool dpor_widen(struct dpor *dpor, struct dpor_frame *frame, const struct sim_choice *choice)
{
    struct wakeup_node **place = &frame->siblings;

    frame->unlisted = false;
    frame->width = 1;
    for (uint32_t i = 0; i < choice->count; i++) {
        uint32_t actor = dpor_actor(dpor, &choice->options[i]);

        if (i == frame->option || dpor_sleeps(frame, actor) ||
            dpor_waits(dpor, &choice->options[i]))
            continue;
        *place = wakeup_leaf(&dpor->nodes, &dpor->prints, actor);
        if (*place == NULL)
            return false;
        place = &(*place)->next;
        frame->width++;
    }
    return true;
}

/* Is it in no race with any step of another, now or later?  The end of the program's first thread
 * is in a race with whatever the others do. */
static bool is_harmless(const struct dpor *dpor, const struct footprint *print)
{
    for (uint32_t i = 0; i < print->count; i++) {
        const struct touch *touch = &print->touches[i];
        bool starts = touch->how == TOUCH_ENABLE && !dpor_has_begun(dpor, touch->object);
        bool joins = touch->how == TOUCH_JOIN && print->actor == 1;

        if (!starts && !joins)
            return false;
    }
    return true;
}

void dpor_narrow(struct dpor *dpor)
{
    struct dpor_frame *frame = &dpor->frames[dpor->open];

    /* Whatever could be tried in its place leads to where it can go first. */
    if (!is_harmless(dpor, frame->print))
        return;
    /* It may not be able to go without the turns that follow it: see dpor_turn.c. */
    if (dpor->turns && dpor->threads)
        return;
    wakeup_free(&dpor->nodes, &dpor->prints, &frame->siblings);
    frame->width = 1;
}

void dpor_make_wide(struct dpor *dpor, struct dpor_frame *frame)
{
    if (frame->wide)
        return;
    wakeup_free(&dpor->nodes, &dpor->prints, &frame->siblings);
    frame->wide = true;
    frame->unlisted = true;
    dpor->unlisted = true;
    /* What would have woken them may have been among the plans. */
    for (size_t k = 0; k < frame->sleep_count; k++)
        frame->sleep[k].light = true;
}

void dpor_forget_plans(struct dpor *dpor)
{
    for (uint32_t i = 0; i < dpor->count && dpor->nodes.used > dpor->plans_max / 2; i++) {
        struct dpor_frame *frame = &dpor->frames[i];

        if (dpor_is_step(frame) && frame->siblings != NULL)
            dpor_make_wide(dpor, frame);
    }
}
