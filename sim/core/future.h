/* Future: a result that is not there yet.  A task is one (SIM_FUTURE(task)). */
#ifndef SIM_CORE_FUTURE_H
#define SIM_CORE_FUTURE_H

#include <stdbool.h>

#include "sim/core/sim.h"

struct sim_future;
struct sim_task;

struct sim_future *sim_task_future(struct sim_task *task);

static inline struct sim_future *sim_future_self(struct sim_future *future)
{
    return future;
}

/* A task or future as a future. */
#define SIM_FUTURE(x)                                                                              \
    (_Generic((x), struct sim_task * : sim_task_future, struct sim_future * : sim_future_self)(x))

typedef void (*sim_future_fn)(struct sim_future *future, void *arg);

/* Create a pending future on the running loop.  name may be NULL.
 *
 * Returns: NULL, with RuntimeError raised, where no loop runs.  As loop.create_future(). */
struct sim_future *sim_future_new(struct sim *sim, const char *name);

/* Wait until it is done.
 *
 * Blocks:  unless it is done already.
 * Returns: SIM_OK, with its value in *result (may be NULL); SIM_CANCELLED if the waiting task or
 *          the future was cancelled; else the kind of the future's exception; SIM_RUNTIME_ERROR
 *          where it would wait for itself or for another loop's future.
 * As:      await future */
SIM_MUST_USE enum sim_status(sim_await)(struct sim_future *future, struct sim_value *result,
                                        const struct sim_site *site);
#define sim_await(x, result) (sim_await)(SIM_FUTURE(x), (result), SIM_HERE)

/* StopIteration becomes the cause of a RuntimeError.
 *
 * Returns: SIM_OK; SIM_INVALID_STATE if it is done; SIM_RUNTIME_ERROR for a task.
 * As:      Future.set_result, Future.set_exception */
enum sim_status sim_future_set_result(struct sim_future *future, struct sim_value value);
enum sim_status sim_future_set_exception(struct sim_future *future, enum sim_status kind,
                                         const char *message);

/* Cancel it; for a task, ask it to stop.  message may be NULL.  Returns false if it was done.
 *
 * As:      Future.cancel(msg), Task.cancel(msg) */
bool(sim_cancel)(struct sim_future *future, const char *message, const struct sim_site *site);
#define sim_cancel(x, message) (sim_cancel)(SIM_FUTURE(x), (message), SIM_HERE)

bool(sim_done)(const struct sim_future *future);
bool(sim_cancelled)(const struct sim_future *future);
#define sim_done(x) (sim_done)(SIM_FUTURE(x))
#define sim_cancelled(x) (sim_cancelled)(SIM_FUTURE(x))

/* Returns: SIM_OK with the value in *value; the kind of the exception; SIM_CANCELLED;
 *          SIM_INVALID_STATE while pending.  As Future.result(). */
SIM_MUST_USE enum sim_status(sim_future_result)(struct sim_future *future, struct sim_value *value);
#define sim_future_result(x, value) (sim_future_result)(SIM_FUTURE(x), (value))

/* Returns: SIM_OK with the exception (or NULL) in *exception; SIM_CANCELLED; SIM_INVALID_STATE
 * while pending.  As Future.exception(). */
SIM_MUST_USE enum sim_status(sim_future_exception)(struct sim_future *future,
                                                   const struct sim_exception **exception);
#define sim_future_exception(x, exception) (sim_future_exception)(SIM_FUTURE(x), (exception))

/* Call fn(future, arg) through call_soon once it is done; at once through call_soon if it is.
 *
 * As:      Future.add_done_callback */
void(sim_add_done_callback)(struct sim_future *future, sim_future_fn fn, void *arg);
#define sim_add_done_callback(x, fn, arg) (sim_add_done_callback)(SIM_FUTURE(x), (fn), (arg))

/* Returns: how many were removed.  As Future.remove_done_callback. */
int(sim_remove_done_callback)(struct sim_future *future, sim_future_fn fn, void *arg);
#define sim_remove_done_callback(x, fn, arg) (sim_remove_done_callback)(SIM_FUTURE(x), (fn), (arg))

#endif
