/* Task: a body that runs on the loop and is switched only where it awaits. */
#ifndef SIM_CORE_TASK_H
#define SIM_CORE_TASK_H

#include "sim/core/context.h"
#include "sim/core/future.h"

/* Start a task on the running loop; it first runs at the next turn.  name may be NULL ("Task-3").
 *
 * Returns: NULL, with RuntimeError raised, where no loop runs.
 * As:      asyncio.create_task(coro, name=name) */
struct sim_task *(sim_task_new)(struct sim *sim, const char *name, sim_body_fn body, void *arg,
                                const struct sim_site *site);
#define sim_task_new(sim, name, body, arg) (sim_task_new)((sim), (name), (body), (arg), SIM_HERE)

/* The same, but its body runs at once, until it waits for the first time or ends.
 *
 * As:      asyncio.Task(coro, eager_start=True) */
struct sim_task *(sim_task_new_eager)(struct sim *sim, const char *name, sim_body_fn body,
                                      void *arg, const struct sim_site *site);
#define sim_task_new_eager(sim, name, body, arg)                                                   \
    (sim_task_new_eager)((sim), (name), (body), (arg), SIM_HERE)

/* The same as sim_task_new, in this context, which it may change, instead of a copy of the current.
 *
 * As:      asyncio.create_task(coro, name=name, context=context) */
struct sim_task *(sim_task_new_in)(struct sim *sim, struct sim_context *context, const char *name,
                                   sim_body_fn body, void *arg, const struct sim_site *site);
#define sim_task_new_in(sim, context, name, body, arg)                                             \
    (sim_task_new_in)((sim), (context), (name), (body), (arg), SIM_HERE)

/* The running task; NULL outside one, with RuntimeError raised where no loop runs.
 *
 * As:      asyncio.current_task() */
struct sim_task *sim_current_task(struct sim *sim);

/* The tasks of the running loop that are not done, in order of creation; *count of them.
 *
 * Returns: NULL, with RuntimeError raised, where no loop runs.
 * Owner:   the arena.  As asyncio.all_tasks() (a set there). */
struct sim_task **sim_all_tasks(struct sim *sim, size_t *count);

/* As Task.get_name, Task.set_name, Task.cancelling, Task.uncancel. */
const char *sim_task_name(struct sim_task *task);
void sim_task_set_name(struct sim_task *task, const char *name);
int sim_task_cancelling(const struct sim_task *task);
int sim_task_uncancel(struct sim_task *task);

/* Suspend the running task for a virtual time; 0 or less lets every other ready handle run once.
 *
 * Returns: SIM_OK or SIM_CANCELLED.  As asyncio.sleep(delay). */
SIM_MUST_USE enum sim_status(sim_sleep)(struct sim *sim, int64_t delay_ns,
                                        const struct sim_site *site);
#define sim_sleep(sim, delay_ns) (sim_sleep)((sim), (delay_ns), SIM_HERE)

#endif
