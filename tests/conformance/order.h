/* What the programs that pin down an order share, as virtual_loop.py does for their twins. */
#ifndef TESTS_CONFORMANCE_ORDER_H
#define TESTS_CONFORMANCE_ORDER_H

#include "tests/conformance/twin.h"

struct order {
    const char *name;
    sim_body_fn main;
};

/* Print a line in each of the next turns of the loop. */
static inline enum sim_status print_turns(struct sim *sim, int count)
{
    for (int turn = 0; turn < count; turn++) {
        sim_print(sim, "turn %d", turn);
        SIM_TRY(sim_sleep(sim, 0));
    }
    return SIM_OK;
}

static inline enum sim_status turns(struct sim *sim, void *arg)
{
    const int *count = arg;

    return print_turns(sim, *count);
}

/* A task that does so. */
static inline struct sim_task *ruler(struct sim *sim, int count)
{
    int *arg = sim_alloc(sim, sizeof(*arg));

    *arg = count;
    return sim_task_new(sim, NULL, turns, arg);
}

struct late {
    int64_t delay_ns;
    int count;
};

static inline enum sim_status late_turns(struct sim *sim, void *arg)
{
    const struct late *late = arg;

    SIM_TRY(sim_sleep(sim, late->delay_ns));
    return print_turns(sim, late->count);
}

static inline struct sim_task *late_ruler(struct sim *sim, int64_t delay_ns, int count)
{
    struct late *late = sim_alloc(sim, sizeof(*late));

    *late = (struct late){delay_ns, count};
    return sim_task_new(sim, NULL, late_turns, late);
}

/* A copy that a void * takes without a cast, and that outlives who made it. */
static inline char *text(struct sim *sim, const char *literal)
{
    size_t size = strlen(literal) + 1;

    return memcpy(sim_alloc(sim, size), literal, size);
}

/* An exception as text: its kind, and its message if it has one. */
static inline const char *describe_exception(struct sim *sim, const struct sim_exception *exception)
{
    const char *kind = sim_status_name(sim_exception_kind(exception));
    const char *message = sim_exception_message(exception);

    return *message != '\0' ? sim_format(sim, "%s: %s", kind, message) : kind;
}

/* How the call that just returned this status ended: "OK", or the exception. */
static inline const char *outcome(struct sim *sim, enum sim_status status)
{
    if (status == SIM_OK)
        return "OK";
    const struct sim_exception *exception = sim_exception(sim);

    if (exception == NULL || sim_exception_kind(exception) != status)
        return sim_format(sim, "%s, but the exception is another one", sim_status_name(status));
    return describe_exception(sim, exception);
}

/* Run each program and compare: all are run, so that one failure does not hide another. */
static inline void orders_agree(const struct order *orders)
{
    int differing = 0;

    for (; orders->name != NULL; orders++)
        differing += !twin_agrees(orders->name, orders->main, NULL);
    assert_int_equal(differing, 0);
}

#endif
