/* What the tasks of a random program share, and what one operation of theirs gets. */
#ifndef TESTS_CONFORMANCE_WORLD_H
#define TESTS_CONFORMANCE_WORLD_H

#include "tests/conformance/order.h"

enum { TASKS_MAX = 6 };

struct program;

/* What the tasks of one run share; in the arena. */
struct world {
    const struct program *program;
    struct sim_lock *locks[2];
    struct sim_future *futures[2];
    struct sim_flag *event;
    struct sim_condition *condition;
    struct sim_semaphore *semaphores[2];
    struct sim_barrier *barrier;
    struct sim_queue *queues[2];
    struct sim_task *tasks[TASKS_MAX];
};

/* One operation under way; in the arena, for its callbacks come later. */
struct call {
    struct sim *sim;
    struct world *world;
    int a;
    int b;
    int c;
    const char *said; /* beside how it ended; NULL: nothing */
};

static inline enum sim_status say(struct sim *sim, struct call *call, int number)
{
    call->said = sim_format(sim, "%d", number);
    return SIM_OK;
}

static inline const char *message(struct sim *sim, int number)
{
    return number == 0 ? NULL : sim_format(sim, "message %d", number);
}

#endif
