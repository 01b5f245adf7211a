/* The Mazurkiewicz trace of an execution by dpor, as a number: the same for executions that differ
 * only in the order of independent steps. */
#ifndef TESTS_DPOR_TRACE_H
#define TESTS_DPOR_TRACE_H

#include "sim/base/prng.h"
#include "sim/policy/dpor_state.h"

static inline uint64_t dpor_trace_mix(uint64_t x)
{
    return prng_splitmix(&x);
}

/* Who took the step, and all that happened before it. */
static inline uint64_t dpor_trace_step(const struct dpor_frame *frame)
{
    uint64_t before = 0;

    for (uint32_t actor = 0; actor < frame->clock.count; actor++)
        if (frame->clock.at[actor] > 0)
            before += dpor_trace_mix((uint64_t)actor << 32 | frame->clock.at[actor]);
    return dpor_trace_mix(before ^ dpor_trace_mix((uint64_t)frame->actor << 32 | frame->index));
}

/* A number is one of its step's, wherever that stands. */
static inline uint64_t dpor_trace_number(const struct dpor *dpor, const struct dpor_frame *frame)
{
    uint64_t owner = frame->owner == DPOR_NONE ? 0 : dpor_trace_step(&dpor->frames[frame->owner]);

    return dpor_trace_mix(owner ^ ((uint64_t)frame->nth << 32 | frame->option));
}

/* After an execution, before dpor_next. */
static inline uint64_t dpor_trace(struct dpor *dpor)
{
    uint64_t trace = 0;

    if (dpor->open != DPOR_NONE)
        (void)dpor_finish(dpor, dpor->open);
    for (uint32_t i = 0; i < dpor->count; i++) {
        const struct dpor_frame *frame = &dpor->frames[i];

        trace += dpor_is_step(frame) ? dpor_trace_step(frame) : dpor_trace_number(dpor, frame);
    }
    return trace;
}

#endif
