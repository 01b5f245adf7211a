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

    if (!dpor_is_turn(&dpor->frames[at]))
        return true;
    uint32_t before = choice_before(dpor, at);

    if (before == DPOR_NONE)
        return true;
    struct footprint **rest = &dpor->frames[before].rest;

    if (*rest == NULL && (*rest = footprint_new(&dpor->prints, print->actor)) == NULL)
        return false;
    /* Who makes something ready changes what can be chosen. */
    return footprint_add(&dpor->prints, rest,
                         (struct touch){dpor_callbacks(dpor, 0), TOUCH_READ}) &&
           footprint_join(&dpor->prints, rest, print);
}

/* Turns before it were one step each, and have taken none from others: if one of those comes first,
 * it can be in a race with any of the steps to come. */
bool dpor_split_turn(struct dpor *dpor, struct dpor_frame *frame)
{
    if (frame->rest == NULL)
        frame->rest = footprint_new(&dpor->prints, frame->print->actor);
    return frame->rest != NULL &&
           footprint_add(&dpor->prints, &frame->rest, (struct touch){TOUCH_ALL, TOUCH_WRITE});
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

/* Did the step at one place happen before that at another? */
static bool is_before(const struct dpor *dpor, uint32_t one, uint32_t other)
{
    const struct dpor_frame *frame = &dpor->frames[one];

    return vclock_get(&dpor->frames[other].clock, frame->print->actor) >= frame->index;
}

static bool is_after_any(const struct dpor *dpor, uint32_t at, uint32_t from, uint32_t to)
{
    for (uint32_t i = from; i < to; i++)
        if (dpor_is_step(&dpor->frames[i]) && is_before(dpor, i, at))
            return true;
    return false;
}

/* The steps after the first of a race that do not need it, of which all are other threads', for
 * turns exclude each other; if the second is a turn, then only what it needs. */
static bool threads_first(struct dpor *dpor, const struct dpor_race *race, uint32_t from,
                          bool *possible)
{
    bool turn = dpor->frames[race->second].of_task;

    dpor->sequence.count = 0;
    *possible = true;
    for (uint32_t i = race->first + 1; i < (turn ? race->second : dpor->count); i++) {
        const struct dpor_frame *frame = &dpor->frames[i];

        if (i == race->second || !dpor_is_step(frame) || frame->print->silent ||
            is_before(dpor, race->first, i) || (turn && !is_before(dpor, i, race->second)))
            continue;
        bool late = from != DPOR_NONE && is_after_any(dpor, i, from, race->first);

        if (late && is_before(dpor, i, race->second))
            *possible = false;
        if (!late && !sequence_push(&dpor->sequence, frame->print))
            return false;
    }
    return true;
}

bool dpor_plan_before_turn(struct dpor *dpor, const struct dpor_race *race)
{
    bool turn = dpor->frames[race->second].of_task;
    uint32_t before = choice_before(dpor, race->first);
    bool possible = true;

    if (!threads_first(dpor, race, before, &possible))
        return false;
    /* It needs nothing that other threads would have to do before. */
    if (turn && possible && dpor->sequence.count == 0)
        return sequence_push(&dpor->sequence, dpor->second) &&
               dpor_insert(dpor, &dpor->frames[race->first], false);
    if (before == DPOR_NONE || !possible || dpor->frames[before].wide)
        return true;
    return (turn || sequence_push(&dpor->sequence, dpor->second)) &&
           dpor_insert(dpor, &dpor->frames[before], false);
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
