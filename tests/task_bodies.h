/* Bodies and claims that the tests of tasks, and of what is built from tasks, share. */
#ifndef TESTS_TASK_BODIES_H
#define TESTS_TASK_BODIES_H

#include "tests/body.h"

/* Someone who sleeps, and then returns a number or fails. */
struct sleeper {
    int64_t delay_ns;
    int64_t number;
    enum sim_status fails; /* SIM_OK: it does not */
};

static inline enum sim_status sleep_then_end(struct sim *sim, void *arg)
{
    const struct sleeper *self = arg;

    SIM_TRY(sim_sleep(sim, self->delay_ns));
    if (self->fails != SIM_OK)
        return sim_raise(sim, self->fails, "%s", "as planned");
    return sim_return(sim, sim_int(self->number));
}

static inline struct sim_task *start_sleeper(struct sim *sim, int64_t delay_ns, int64_t number)
{
    struct sleeper *self = sim_alloc(sim, sizeof(*self));

    *self = (struct sleeper){.delay_ns = delay_ns, .number = number};
    return sim_task_new(sim, NULL, sleep_then_end, self);
}

static inline struct sim_task *start_failing(struct sim *sim, int64_t delay_ns,
                                             enum sim_status fails)
{
    struct sleeper *self = sim_alloc(sim, sizeof(*self));

    *self = (struct sleeper){.delay_ns = delay_ns, .fails = fails};
    return sim_task_new(sim, NULL, sleep_then_end, self);
}

static inline enum sim_status do_nothing(struct sim *sim, void *arg)
{
    (void)sim;
    (void)arg;
    return SIM_OK;
}

static inline enum sim_status return_ok(struct sim *sim, void *arg)
{
    (void)arg;
    return sim_return(sim, sim_str("ok"));
}

static inline enum sim_status return_42(struct sim *sim, void *arg)
{
    (void)arg;
    return sim_return(sim, sim_int(42));
}

static inline enum sim_status sleep_long(struct sim *sim, void *arg)
{
    (void)arg;
    return sim_sleep(sim, 10 * SIM_SECOND);
}

static inline enum sim_status await_future(struct sim *sim, void *future)
{
    struct sim_value value = sim_none();

    SIM_TRY(sim_await((struct sim_future *)future, &value));
    return sim_return(sim, value);
}

static inline struct sim_task *start_await(struct sim *sim, struct sim_future *future)
{
    return sim_task_new(sim, NULL, await_future, future);
}

static inline bool is_int(struct sim_value value, int64_t number)
{
    return value.type == SIM_INT && value.as.integer == number;
}

static inline bool is_str(struct sim_value value, const char *text)
{
    return value.type == SIM_STR && strcmp(value.as.string, text) == 0;
}

/* Is this what a future that is done returned? */
static inline bool returned_int(struct sim_future *future, int64_t number)
{
    struct sim_value value = sim_none();

    return sim_future_result(future, &value) == SIM_OK && is_int(value, number);
}

/* How a future failed; NULL if it did not. */
static inline const struct sim_exception *failure_of(struct sim_future *future)
{
    const struct sim_exception *exception = NULL;

    return sim_future_exception(future, &exception) == SIM_OK ? exception : NULL;
}

static inline bool failed_with(struct sim_future *future, enum sim_status kind)
{
    const struct sim_exception *exception = failure_of(future);

    return exception != NULL && sim_exception_kind(exception) == kind;
}

/* Is this the message of the exception that was met last? */
static inline bool raised(struct sim *sim, const char *message)
{
    return strcmp(sim_exception_message(sim_exception(sim)), message) == 0;
}

/* Run a body in a thread of its own, where no loop runs. */
static inline enum sim_status run_outside(struct sim *sim, sim_body_fn body, void *arg)
{
    return sim_thread_join(sim_thread_new(sim, NULL, body, arg), NULL);
}

static inline void set_none_now(struct sim *sim, void *future)
{
    EXPECT(sim_future_set_result(future, sim_none()) == SIM_OK);
}

#endif
