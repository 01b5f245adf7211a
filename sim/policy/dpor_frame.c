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

bool dpor_begin_epoch(struct dpor *dpor, struct dpor_frame *frame, int64_t now_ns)
{
    const struct dpor_frame *last = dpor->open == DPOR_NONE ? NULL : &dpor->frames[dpor->open];

    frame->now_ns = now_ns;
    frame->until_ns = now_ns;
    frame->released = dpor->released;
    /* Where the clock is an actor, its steps are ordered as others are, unless it goes last. */
    bool same =
        last != NULL && !last->alone &&
        (dpor->has_clock ? !last->last_resort && !frame->last_resort : last->until_ns == now_ns);

    if (same && !frame->released) {
        frame->epoch = last->epoch;
        return true;
    }
    frame->epoch = dpor->count - 1;
    return dpor_clock_of_all(dpor, &frame->before);
}
