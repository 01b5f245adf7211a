/* TaskGroup: tasks that end together: the first that fails cancels the others. */
#ifndef SIM_COMBINE_TASK_GROUP_H
#define SIM_COMBINE_TASK_GROUP_H

#include "sim/core/task.h"

struct sim_task_group;

/* Create a group, which is entered once.
 *
 * Owner:   the arena.  As asyncio.TaskGroup() */
struct sim_task_group *sim_task_group_new(struct sim *sim);

/* Run body in the group, and wait until all its tasks are done.  Between the failure of a task and
 * the end of body, body is cancelled.
 *
 * Returns: what body returns; SIM_EXCEPTION_GROUP ("unhandled errors in a TaskGroup") with what
 *          failed, body too; SIM_KEYBOARD_INTERRUPT or SIM_SYSTEM_EXIT, alone, if one of them was
 *          among it; SIM_CANCELLED if the group was cancelled from outside and nothing failed;
 *          SIM_RUNTIME_ERROR if it was entered before, or no task runs.
 * As:      async with group: ... */
SIM_MUST_USE enum sim_status(sim_task_group_with)(struct sim_task_group *group, sim_body_fn body,
                                                  void *arg, const struct sim_site *site);
#define sim_task_group_with(group, body, arg)                                                      \
    (sim_task_group_with)((group), (body), (arg), SIM_HERE)

/* The two halves.  Whoever entered must exit, with the status that the scope ended with, and go on
 * with the status that it gets. */
SIM_MUST_USE enum sim_status sim_task_group_enter(struct sim_task_group *group);
SIM_MUST_USE enum sim_status(sim_task_group_exit)(struct sim_task_group *group,
                                                  enum sim_status status,
                                                  const struct sim_site *site);
#define sim_task_group_exit(group, status) (sim_task_group_exit)((group), (status), SIM_HERE)

/* Start a task in the group.  name may be NULL.
 *
 * Returns: NULL, with RuntimeError raised, before the group is entered, when it is finished, and
 *          while it cancels what is in it.
 * As:      TaskGroup.create_task(coro, name=name) */
struct sim_task *(sim_task_group_create_task)(struct sim_task_group *group, const char *name,
                                              sim_body_fn body, void *arg,
                                              const struct sim_site *site);
#define sim_task_group_create_task(group, name, body, arg)                                         \
    (sim_task_group_create_task)((group), (name), (body), (arg), SIM_HERE)

/* The same in this context, which it may change, instead of a copy of the current.
 *
 * As:      TaskGroup.create_task(coro, name=name, context=context) */
struct sim_task *(sim_task_group_create_task_in)(struct sim_task_group *group,
                                                 struct sim_context *context, const char *name,
                                                 sim_body_fn body, void *arg,
                                                 const struct sim_site *site);
#define sim_task_group_create_task_in(group, context, name, body, arg)                             \
    (sim_task_group_create_task_in)((group), (context), (name), (body), (arg), SIM_HERE)

#endif
