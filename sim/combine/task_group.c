#include "sim/combine/task_group.h"

#include <string.h>

#include "sim/combine/exception_group.h"
#include "sim/core/task_state.h"

/* As asyncio.taskgroups.TaskGroup.  Its tasks are in order of creation (a set there). */
struct sim_task_group {
    struct sim *sim;
    struct sim_task *parent;
    struct list_node members; /* of tasks that are not done */
    size_t member_count;
    const struct sim_exception **errors; /* in the arena */
    size_t error_count;
    size_t error_capacity;
    const struct sim_exception *base_error;
    struct sim_future *completed; /* that exit waits for */
    uint32_t id;
    bool entered;
    bool exiting;
    bool aborting;
    bool parent_cancel_requested;
};

struct member {
    struct list_node link;
    struct sim_task_group *group;
    struct sim_task *task;
};

struct sim_task_group *sim_task_group_new(struct sim *sim)
{
    struct sim_task_group *group = sim_alloc(sim, sizeof(*group));

    group->sim = sim;
    list_init(&group->members);
    return group;
}

/* As TaskGroup.__repr__. */
static const char *describe(const struct sim_task_group *group)
{
    struct sim *sim = group->sim;
    const char *tasks =
        group->member_count > 0 ? sim_format(sim, " tasks=%zu", group->member_count) : "";
    const char *errors =
        group->error_count > 0 ? sim_format(sim, " errors=%zu", group->error_count) : "";

    return sim_format(sim, "<TaskGroup%s%s%s>", tasks, errors,
                      group->aborting  ? " cancelling"
                      : group->entered ? " entered"
                                       : "");
}

static void add_error(struct sim_task_group *group, const struct sim_exception *error)
{
    if (group->error_count == group->error_capacity) {
        size_t capacity = group->error_capacity == 0 ? 4 : 2 * group->error_capacity;
        const struct sim_exception **errors =
            sim_alloc(group->sim, capacity * sizeof(const struct sim_exception *));

        if (group->error_count > 0)
            memcpy(errors, group->errors, group->error_count * sizeof(*errors));
        group->errors = errors;
        group->error_capacity = capacity;
    }
    group->errors[group->error_count++] = error;
}

static void note_base_error(struct sim_task_group *group, const struct sim_exception *error)
{
    bool base = error->kind == SIM_KEYBOARD_INTERRUPT || error->kind == SIM_SYSTEM_EXIT;

    if (base && group->base_error == NULL)
        group->base_error = error;
}

static void abort_members(struct sim_task_group *group)
{
    group->aborting = true;
    LIST_EACH(node, &group->members)
    {
        struct member *member = container_of(node, struct member, link);

        if (!sim_done(member->task))
            (void)(sim_cancel)(SIM_FUTURE(member->task), NULL, NULL);
    }
}

/* As TaskGroup._on_task_done. */
static void on_task_done(struct sim_future *future, void *arg)
{
    struct member *member = arg;
    struct sim_task_group *group = member->group;

    list_remove(&member->link);
    group->member_count--;
    if (group->completed != NULL && group->member_count == 0 &&
        group->completed->state == FUTURE_PENDING)
        future_finish(group->completed, sim_none(), NULL);
    if (future->state == FUTURE_CANCELLED)
        return;
    const struct sim_exception *error = future_take_exception(future);

    if (error == NULL)
        return;
    add_error(group, error);
    note_base_error(group, error);
    /* Whoever runs in the group's scope is cancelled for its sake; exit takes that back. */
    if (!sim_done(group->parent) && !group->aborting && !group->parent_cancel_requested) {
        abort_members(group);
        group->parent_cancel_requested = true;
        (void)(sim_cancel)(SIM_FUTURE(group->parent), NULL, NULL);
    }
}

enum sim_status sim_task_group_enter(struct sim_task_group *group)
{
    struct sim *sim = group->sim;

    if (group->entered)
        return sim_raise(sim, SIM_RUNTIME_ERROR, "TaskGroup %s has already been entered",
                         describe(group));
    if (loop_required(sim) == NULL)
        return SIM_RUNTIME_ERROR;
    if (sim->running->task == NULL)
        return sim_raise(sim, SIM_RUNTIME_ERROR, "TaskGroup %s cannot determine the parent task",
                         describe(group));
    group->parent = sim->running->task;
    group->id = sim_object_new(sim, SIM_OBJ_TASK_GROUP, NULL, task_id(group->parent), NULL);
    group->entered = true;
    return SIM_OK;
}

/* Wait until no task is left.  A cancellation from outside meanwhile cancels the tasks.
 *
 * Returns: that cancellation, or what was there before. */
static const struct sim_exception *wait_for_members(struct sim_task_group *group,
                                                    const struct sim_exception *cancelled,
                                                    const struct sim_site *site)
{
    struct sim *sim = group->sim;

    while (group->member_count > 0) {
        group->completed = sim_alloc(sim, sizeof(*group->completed));
        future_init(group->completed, loop_running(sim), 0);
        enum sim_status status =
            task_wait(sim, group->completed, SIM_WAIT_FUTURE, group->id, 0, site);

        if (status == SIM_CANCELLED && !group->aborting) {
            cancelled = *sim_raised(sim);
            abort_members(group);
        }
        group->completed = NULL;
    }
    return cancelled;
}

static enum sim_status raise_errors(struct sim_task_group *group)
{
    /* Take back a request to cancel the parent and make it again, so that its next wait fails. */
    if (sim_task_cancelling(group->parent) > 0) {
        (void)sim_task_uncancel(group->parent);
        (void)(sim_cancel)(SIM_FUTURE(group->parent), NULL, NULL);
    }
    return sim_raise_group(group->sim, "unhandled errors in a TaskGroup", group->errors,
                           group->error_count);
}

enum sim_status(sim_task_group_exit)(struct sim_task_group *group, enum sim_status status,
                                     const struct sim_site *site)
{
    struct sim *sim = group->sim;
    const struct sim_exception *error = sim_ended_with(sim, status, *sim_raised(sim));
    const struct sim_exception *cancelled = status == SIM_CANCELLED ? error : NULL;

    SIM_ASSERT(group->entered && !group->exiting);
    group->exiting = true;
    if (error != NULL) {
        note_base_error(group, error);
        if (!group->aborting)
            abort_members(group);
    }
    cancelled = wait_for_members(group, cancelled, site);
    if (group->base_error != NULL) {
        *sim_raised(sim) = group->base_error;
        return group->base_error->kind;
    }
    if (group->parent_cancel_requested && sim_task_uncancel(group->parent) == 0)
        cancelled = NULL;
    if (cancelled != NULL && group->error_count == 0) {
        *sim_raised(sim) = cancelled;
        return SIM_CANCELLED;
    }
    if (error != NULL && status != SIM_CANCELLED)
        add_error(group, error);
    return group->error_count > 0 ? raise_errors(group) : SIM_OK;
}

enum sim_status(sim_task_group_with)(struct sim_task_group *group, sim_body_fn body, void *arg,
                                     const struct sim_site *site)
{
    SIM_TRY(sim_task_group_enter(group));
    return (sim_task_group_exit)(group, body(group->sim, arg), site);
}

/* context: NULL for a copy of the current one */
static struct sim_task *create_task(struct sim_task_group *group, struct sim_context *context,
                                    const char *name, sim_body_fn body, void *arg,
                                    const struct sim_site *site)
{
    struct sim *sim = group->sim;
    const char *why = !group->entered                                 ? "has not been entered"
                      : group->exiting && list_empty(&group->members) ? "is finished"
                      : group->aborting                               ? "is shutting down"
                                                                      : NULL;

    if (why != NULL) {
        (void)sim_raise(sim, SIM_RUNTIME_ERROR, "TaskGroup %s %s", describe(group), why);
        return NULL;
    }
    struct member *member = sim_alloc(sim, sizeof(*member));

    member->group = group;
    member->task = context == NULL ? (sim_task_new)(sim, name, body, arg, site)
                                   : (sim_task_new_in)(sim, context, name, body, arg, site);
    if (member->task == NULL)
        return NULL;
    list_append(&group->members, &member->link);
    group->member_count++;
    if (sim_done(member->task))
        on_task_done(SIM_FUTURE(member->task), member);
    else
        (sim_add_done_callback)(SIM_FUTURE(member->task), on_task_done, member);
    return member->task;
}

struct sim_task *(sim_task_group_create_task)(struct sim_task_group *group, const char *name,
                                              sim_body_fn body, void *arg,
                                              const struct sim_site *site)
{
    return create_task(group, NULL, name, body, arg, site);
}

struct sim_task *(sim_task_group_create_task_in)(struct sim_task_group *group,
                                                 struct sim_context *context, const char *name,
                                                 sim_body_fn body, void *arg,
                                                 const struct sim_site *site)
{
    return create_task(group, context, name, body, arg, site);
}
