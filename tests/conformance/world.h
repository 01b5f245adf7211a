/* What the tasks of a random program share, and what one operation of theirs gets. */
#ifndef TESTS_CONFORMANCE_WORLD_H
#define TESTS_CONFORMANCE_WORLD_H

#include "tests/conformance/order.h"

/* Tasks are numbered from 0, which is main; after them come procedures, which tasks start again
 * and again. */
enum { TASKS_MAX = 8, PROCEDURES = 2, LISTS_MAX = TASKS_MAX + PROCEDURES, STEPS_MAX = 16 };

/* How many tasks a program starts on its way at most, and how deep its scopes are. */
enum { STARTED_MAX = 12, DEPTH_MAX = STEPS_MAX + 1 };

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
    struct sim_queue *queues[3];
    struct sim_context_var *variable;
    struct sim_generator *generator;
    struct sim_task *tasks[TASKS_MAX];
    int started; /* tasks that run procedures */
};

/* Who performs operations: a task, or a run of a procedure.  In the arena. */
struct actor {
    struct world *world;
    struct sim_timeout *timeouts[DEPTH_MAX]; /* entered, innermost last */
    struct sim_task_group *groups[DEPTH_MAX];
    int timeout_count;
    int group_count;
    int list;
};

/* One operation under way; in the arena, for its callbacks come later. */
struct call {
    struct sim *sim;
    struct world *world;
    struct actor *actor;
    int a;
    int b;
    int c;
    int first;        /* step of the scope that it opens, */
    int end;          /* and the first behind it */
    const char *said; /* beside how it ended; NULL: nothing */
};

/* Perform the steps of a scope, or of a list. */
enum sim_status perform(struct sim *sim, struct actor *actor, int first, int end);

/* Start a run of a procedure: its body and argument.  NULL: too many were started. */
struct actor *procedure_new(struct sim *sim, struct world *world, int procedure);
enum sim_status procedure_body(struct sim *sim, void *arg);

static inline enum sim_status say(struct sim *sim, struct call *call, int number)
{
    call->said = sim_format(sim, "%d", number);
    return SIM_OK;
}

static inline const char *message(struct sim *sim, int number)
{
    return number == 0 ? NULL : sim_format(sim, "message %d", number);
}

/* An exception as text, with those of a group. */
static inline const char *describe_whole(struct sim *sim, const struct sim_exception *exception)
{
    const char *text = describe_exception(sim, exception);
    size_t count = 0;
    const struct sim_exception *const *members = sim_exception_members(exception, &count);

    for (size_t i = 0; i < count; i++)
        text =
            sim_format(sim, "%s%s%s", text, i == 0 ? " [" : ", ", describe_whole(sim, members[i]));
    return count == 0 ? text : sim_format(sim, "%s]", text);
}

#endif
