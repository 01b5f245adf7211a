/* Coroutine: a body and its argument, which do nothing until somebody awaits them. */
#ifndef SIM_COMBINE_COROUTINE_H
#define SIM_COMBINE_COROUTINE_H

#include "sim/core/task.h"

struct sim_coroutine;

/* Run body now, in the calling task or thread, and take what it returned.
 *
 * Returns: what body returned, with its value in *result (may be NULL).
 * As:      result = await body() */
SIM_MUST_USE enum sim_status sim_call(struct sim *sim, sim_body_fn body, void *arg,
                                      struct sim_value *result);

/* Create a coroutine.  One that is never awaited is a finding: a mistake that is easily made.
 *
 * name:    as in asyncio's warning; not NULL
 * Owner:   the arena.  As coroutine = body() */
struct sim_coroutine *(sim_coroutine_new)(struct sim *sim, const char *name, sim_body_fn body,
                                          void *arg, const struct sim_site *site);
#define sim_coroutine_new(sim, name, body, arg)                                                    \
    (sim_coroutine_new)((sim), (name), (body), (arg), SIM_HERE)

/* Returns: as sim_call; SIM_RUNTIME_ERROR ("cannot reuse already awaited coroutine").
 *
 * As:      await coroutine */
SIM_MUST_USE enum sim_status sim_coroutine_await(struct sim_coroutine *coroutine,
                                                 struct sim_value *result);

/* Let a task await it.
 *
 * Returns: NULL, with RuntimeError raised, where no loop runs.
 * As:      asyncio.ensure_future(coroutine), asyncio.create_task(coroutine) */
struct sim_task *(sim_coroutine_task)(struct sim_coroutine *coroutine, const struct sim_site *site);
#define sim_coroutine_task(coroutine) (sim_coroutine_task)((coroutine), SIM_HERE)

/* Give it up without awaiting it.  As coroutine.close(). */
void sim_coroutine_close(struct sim_coroutine *coroutine);

#endif
