/* The frames of an execution: made, entered and left. */
#include <string.h>

#include "sim/policy/dpor_state.h"

struct dpor_frame *dpor_push(struct dpor *dpor)
{
    if (!vec_reserve_zeroed(&dpor->frames, dpor->count + 1, &dpor->frame_capacity,
                            sizeof(*dpor->frames)))
        return NULL;
    struct dpor_frame *frame = &dpor->frames[dpor->count++];

    memset(frame, 0, offsetof(struct dpor_frame, owner));
    frame->owner = DPOR_NONE;
    frame->mark = dpor->here;
    vclock_reset(&frame->clock);
    vclock_reset(&frame->before);
    return frame;
}

bool dpor_fall_asleep(struct dpor_frame *frame, struct footprint *print, bool light)
{
    if (!vec_reserve(&frame->sleep, frame->sleep_count + 1, &frame->sleep_capacity,
                     sizeof(*frame->sleep)))
        return false;
    frame->sleep[frame->sleep_count++] = (struct dpor_sleeper){print, light};
    frame->asleep |= print->self;
    return true;
}

void dpor_pop(struct dpor *dpor)
{
    uint32_t at = dpor->count - 1;
    struct dpor_frame *frame = &dpor->frames[at];

    if (frame->finished)
        dpor_unfinish(dpor, at);
    while (frame->sleep_count > 0)
        footprint_drop(&dpor->prints, frame->sleep[--frame->sleep_count].print);
    frame->asleep = 0;
    wakeup_free(&dpor->nodes, &dpor->prints, &frame->siblings);
    footprint_drop(&dpor->prints, frame->print);
    footprint_drop(&dpor->prints, frame->rest);
    frame->print = NULL;
    frame->rest = NULL;
    dpor->count--;
}

bool dpor_sleeps_surely(const struct dpor_frame *frame, uint32_t actor)
{
    for (size_t i = 0; i < frame->sleep_count; i++)
        if (frame->sleep[i].print->actor == actor)
            return true;
    return false;
}

/* Who slept before the open step sleeps on, unless that has touched what it will touch. */
bool dpor_inherit_sleep(struct dpor *dpor, struct dpor_frame *frame)
{
    if (dpor->open == DPOR_NONE || dpor->released)
        return true;
    const struct dpor_frame *last = &dpor->frames[dpor->open];

    for (size_t i = 0; i < last->sleep_count; i++) {
        struct footprint *print = last->sleep[i].print;

        if (footprint_dependent(print, last->print) ||
            dpor_fall_asleep(frame, footprint_share(print), last->sleep[i].light))
            continue;
        footprint_drop(&dpor->prints, print);
        return false;
    }
    return true;
}

bool dpor_begin_epoch(struct dpor *dpor, struct dpor_frame *frame, int64_t now_ns)
{
    const struct dpor_frame *last = dpor->open == DPOR_NONE ? NULL : &dpor->frames[dpor->open];

    frame->now_ns = now_ns;
    frame->until_ns = now_ns;
    frame->released = dpor->released;
    /* Where the clock is an actor, its steps are ordered as others are, unless it goes last. */
    bool same = last != NULL && !last->alone &&
                (dpor->has_clock ? !last->last_resort : last->until_ns == now_ns);

    if (same && !frame->released) {
        frame->epoch = last->epoch;
        return true;
    }
    frame->epoch = dpor->count - 1;
    return dpor_clock_of_all(dpor, &frame->before);
}
