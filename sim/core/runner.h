/* Runner: a loop that runs several main tasks, one after another. */
#ifndef SIM_CORE_RUNNER_H
#define SIM_CORE_RUNNER_H

#include "sim/core/context.h"

struct sim_runner;

/* Create a runner; its loop is made when it is first used.  All that it runs shares one context, a
 * copy of what was the current one then.
 *
 * Owner:   the arena; sim_runner_close it.  As asyncio.Runner() */
struct sim_runner *sim_runner_new(struct sim *sim);

/* Run main as a task on the runner's loop, in the calling thread, until it is done; other tasks are
 * left where they are.
 *
 * Returns: how main ended, with its value in *result (may be NULL); SIM_RUNTIME_ERROR if this
 *          thread runs a loop already, or the runner is closed.
 * As:      Runner.run(main()) */
SIM_MUST_USE enum sim_status sim_runner_run(struct sim_runner *runner, sim_body_fn main, void *arg,
                                            struct sim_value *result);

/* Cancel the tasks that are left and wait for them, finish asynchronous generators and the default
 * executor, and close the loop.  A second time does nothing.
 *
 * As:      Runner.close() */
void sim_runner_close(struct sim_runner *runner);

#endif
