/* Sleep sets: steps that need not be tried, for what they lead to has been run, or will be.
 *
 * A step in which numbers are chosen goes one way or another, and touches other things in each.  It
 * sleeps in all its ways, side by side.  Another step may wake some of them: then its actor can be
 * chosen again, and goes those ways alone. */
#include "sim/policy/dpor_state.h"

bool dpor_fall_asleep(struct dpor_frame *frame, struct dpor_sleeper sleeper)
{
    if (!vec_reserve(&frame->sleep, frame->sleep_count + 1, &frame->sleep_capacity,
                     sizeof(*frame->sleep)))
        return false;
    frame->sleep[frame->sleep_count++] = sleeper;
    frame->asleep |= sleeper.print->self;
    return true;
}

static bool lay_down(struct dpor_frame *frame, bool one_of_many, bool waits)
{
    if (!dpor_fall_asleep(frame, (struct dpor_sleeper){.print = frame->print,
                                                       .light = frame->wide,
                                                       .one_of_many = one_of_many,
                                                       .waits = waits}))
        return false;
    frame->print = NULL;
    return true;
}

bool dpor_lay_down(struct dpor_frame *frame)
{
    bool one_of_many = false;

    for (size_t i = 0; i < frame->sleep_count; i++) {
        struct dpor_sleeper *sleeper = &frame->sleep[i];

        if (sleeper->print->actor == frame->print->actor) {
            one_of_many |= sleeper->waits;
            sleeper->waits = false;
        }
    }
    return lay_down(frame, one_of_many, false);
}

bool dpor_lay_down_way(struct dpor_frame *frame)
{
    return lay_down(frame, true, true);
}

bool dpor_sleeps_surely(const struct dpor_frame *frame, uint32_t actor)
{
    bool sleeps = false;

    for (size_t i = 0; i < frame->sleep_count; i++) {
        const struct dpor_sleeper *sleeper = &frame->sleep[i];

        if (sleeper->print->actor != actor || sleeper->waits)
            continue;
        if (sleeper->woken)
            return false;
        sleeps = true;
    }
    return sleeps;
}

static bool wakes(const struct dpor_sleeper *sleeper, const struct footprint *print)
{
    return sleeper->woken || footprint_dependent(sleeper->print, print);
}

/* Do all ways of the sleeper's step wake? */
static bool wakes_all(const struct dpor_frame *frame, const struct dpor_sleeper *sleeper,
                      const struct footprint *print)
{
    for (size_t i = 0; i < frame->sleep_count; i++)
        if (frame->sleep[i].print->actor == sleeper->print->actor &&
            !wakes(&frame->sleep[i], print))
            return false;
    return true;
}

/* Who slept before the open step sleeps on, unless that has touched what it will touch. */
bool dpor_inherit_sleep(struct dpor *dpor, struct dpor_frame *frame)
{
    if (dpor->open == DPOR_NONE || dpor->released)
        return true;
    const struct dpor_frame *last = &dpor->frames[dpor->open];

    for (size_t i = 0; i < last->sleep_count; i++) {
        struct dpor_sleeper sleeper = last->sleep[i];

        sleeper.woken = wakes(&sleeper, last->print);
        if (sleeper.woken && (!sleeper.one_of_many || wakes_all(last, &sleeper, last->print)))
            continue;
        (void)footprint_share(sleeper.print);
        if (!dpor_fall_asleep(frame, sleeper)) {
            footprint_drop(&dpor->prints, sleeper.print);
            return false;
        }
    }
    return true;
}

/* Does what begins with the sleeper, whichever way it goes, cover the sequence? */
static bool covers(const struct dpor_sleeper *sleeper, const struct sequence *sequence)
{
    if (sleeper->woken || sleeper->waits)
        return false;
    return sleeper->light ? sequence_initial(sequence, sleeper->print)
                          : sequence_weak_initial(sequence, sleeper->print);
}

static bool all_cover(const struct dpor_frame *frame, uint32_t actor,
                      const struct sequence *sequence)
{
    for (size_t i = 0; i < frame->sleep_count; i++)
        if (frame->sleep[i].print->actor == actor && !covers(&frame->sleep[i], sequence))
            return false;
    return true;
}

bool dpor_covers(const struct dpor_frame *frame, const struct sequence *sequence)
{
    for (size_t i = 0; i < frame->sleep_count; i++) {
        const struct dpor_sleeper *sleeper = &frame->sleep[i];

        if (covers(sleeper, sequence) &&
            (!sleeper->one_of_many || all_cover(frame, sleeper->print->actor, sequence)))
            return true;
    }
    return false;
}

bool dpor_sleeps_that_way(const struct dpor_frame *frame, uint32_t nth, uint32_t value)
{
    bool sleeps = false;

    for (size_t i = 0; i < frame->sleep_count; i++) {
        const struct dpor_sleeper *sleeper = &frame->sleep[i];

        if (!sleeper->one_of_many || sleeper->waits ||
            sleeper->print->actor != frame->print->actor ||
            !footprint_chooses(sleeper->print, frame->print, nth, value))
            continue;
        if (sleeper->woken)
            return false;
        sleeps = true;
    }
    return sleeps;
}
