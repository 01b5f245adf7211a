/* Mistakes that asyncio warns of in debug mode: a coroutine that nobody awaits, and a step that
 * keeps the loop from everything else. */
#ifndef SIM_DETECT_MISTAKE_H
#define SIM_DETECT_MISTAKE_H

#include <stdbool.h>

#include "sim/detect/track.h"

/* loop.slow_callback_duration */
#define SLOW_CALLBACK_NS INT64_C(100000000)

/* The step of a task. */
struct busy_step {
    struct moment began;   /* step 0: it does not run */
    int64_t time_ns;       /* when it began, or how long it took */
    struct moment blocked; /* where it stood still longest; step 0: nowhere in particular */
    int64_t blocked_ns;
};

struct mistakes {
    struct moment *created; /* [id - 1]: a coroutine that nobody has awaited; owned */
    size_t created_capacity;
    struct busy_step *began; /* [actor's id]: its step; owned */
    size_t began_capacity;
    uint32_t began_used; /* entries of it */
    struct busy_step slowest;
    uint32_t slow_count;
    uint32_t unawaited; /* how many of created are set */
    uint32_t highest;   /* id in created */
    const struct registry *registry;
    bool out_of_memory;
};

void mistakes_begin(struct mistakes *mistakes, const struct registry *registry);

/* SIM_EV_CREATE and SIM_EV_AWAITED; SIM_EV_RESUME; SIM_EV_SUSPEND and SIM_EV_DONE. */
void mistakes_coroutine(struct mistakes *mistakes, const struct sim_event *event);
void mistakes_resume(struct mistakes *mistakes, const struct sim_event *event);
void mistakes_end_step(struct mistakes *mistakes, const struct sim_event *event);

void mistakes_free(struct mistakes *mistakes);

/* The next coroutine after *cursor (0 at first); false when there is none. */
bool mistakes_report_unawaited(const struct mistakes *mistakes, uint32_t *cursor,
                               struct sim_finding *finding);

/* The step that took longest, if it was too slow. */
bool mistakes_report_slow(const struct mistakes *mistakes, struct sim_finding *finding);

#endif
