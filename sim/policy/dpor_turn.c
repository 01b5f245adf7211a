/* Turns of loops that stand beside threads, where tasks go in any order.
 *
 * From one turn of a loop to the next no other thread can go: which of them does is asked only
 * where one touches something visible.  So what a loop's thread does from one such place to the
 * next is one step to the others, of one or more turns, and each turn is a step to the search.
 * From this follows:
 *
 * A thread can go before a turn only where threads were chosen last before it.  If that is what a
 * race asks for, everybody is tried there.
 *
 * What was tried at such a place sleeps until somebody touches what any of the turns that followed
 * at once has touched.
 *
 * Time may pass while a task blocks its loop, and what happens then comes after all that was
 * before.  But who was ready could have had its turn before that, and who made it ready could have
 * done so before: everybody is tried where this turn was chosen, and where threads were before. */
#include "sim/policy/dpor_state.h"

/* Where threads were chosen last before this turn.  DPOR_NONE: there were none. */
static uint32_t choice_before(const struct dpor *dpor, uint32_t turn)
{
    for (uint32_t at = turn; at-- > 0;) {
        const struct dpor_frame *frame = &dpor->frames[at];

        if (!dpor_is_step(frame))
            continue;
        if (!frame->of_task)
            return at;
        /* It has taken no turn from others, for it is where the first of them begins. */
        if (!frame->print->locks)
            return DPOR_NONE;
    }
    return DPOR_NONE;
}

static void widen_before(struct dpor *dpor, uint32_t turn)
{
    uint32_t at = choice_before(dpor, turn);

    if (at != DPOR_NONE)
        dpor_make_wide(dpor, &dpor->frames[at]);
}

bool dpor_note_turn(struct dpor *dpor, uint32_t at)
{
    const struct footprint *print = dpor->frames[at].print;

    if (!dpor->frames[at].of_task || !print->locks)
        return true;
    uint32_t before = choice_before(dpor, at);

    if (before == DPOR_NONE)
        return true;
    struct footprint **rest = &dpor->frames[before].rest;

    if (*rest == NULL && (*rest = footprint_new(&dpor->prints, print->actor)) == NULL)
        return false;
    return footprint_join(&dpor->prints, rest, print);
}

bool dpor_join_rest(struct dpor *dpor, struct dpor_frame *frame)
{
    struct footprint *rest = frame->rest;

    if (rest == NULL)
        return true;
    struct footprint *print = footprint_copy(&dpor->prints, frame->print);
    bool ok = print != NULL && footprint_join(&dpor->prints, &print, rest);

    if (print != NULL) {
        footprint_drop(&dpor->prints, frame->print);
        frame->print = print;
    }
    footprint_drop(&dpor->prints, rest);
    frame->rest = NULL;
    return ok;
}

bool dpor_try_all(struct dpor *dpor, uint32_t at, const struct sim_choice *choice)
{
    struct dpor_frame *frame = &dpor->frames[at];

    if (!dpor->turns || !dpor->beside)
        return true;
    if (frame->of_task)
        widen_before(dpor, at);
    if (frame->wide && !frame->unlisted)
        return true;
    dpor_make_wide(dpor, frame);
    return dpor_widen(dpor, frame, choice);
}

void dpor_block_loop(struct dpor *dpor)
{
    uint32_t turn = dpor->open;

    while (turn != DPOR_NONE && !dpor->frames[turn].of_task)
        turn = turn == 0 ? DPOR_NONE : turn - 1;
    if (turn == DPOR_NONE)
        return;
    dpor_make_wide(dpor, &dpor->frames[turn]);
    widen_before(dpor, turn);
    /* Turns before there were threads depend on it, too, for they are at another time. */
    for (uint32_t at = 0; at < turn; at++) {
        struct dpor_frame *frame = &dpor->frames[at];

        if (dpor_is_step(frame) && frame->of_task && !frame->print->locks)
            dpor_make_wide(dpor, frame);
    }
}
