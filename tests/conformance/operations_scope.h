/* What a random program may do with scopes, with tasks that it starts, and with what else there is
 * to wait for. */
#ifndef TESTS_CONFORMANCE_OPERATIONS_SCOPE_H
#define TESTS_CONFORMANCE_OPERATIONS_SCOPE_H

#include "tests/conformance/world.h"

static enum sim_status within(struct sim *sim, void *arg)
{
    const struct call *call = arg;

    return perform(sim, call->actor, call->first, call->end);
}

static enum sim_status timeout(struct sim *sim, void *arg)
{
    struct call *call = arg;
    struct actor *actor = call->actor;
    struct sim_timeout *scope =
        sim_timeout_new(sim, call->c == 0 ? -1 : (int64_t)call->a * SIM_SECOND);

    actor->timeouts[actor->timeout_count++] = scope;
    enum sim_status status = sim_timeout_with(scope, within, call);

    actor->timeout_count--;
    return status == SIM_OK ? say(sim, call, sim_timeout_expired(scope)) : status;
}

static enum sim_status timeout_reschedule(struct sim *sim, void *arg)
{
    struct call *call = arg;
    const struct actor *actor = call->actor;

    if (actor->timeout_count == 0)
        return say(sim, call, -1);
    enum sim_status status =
        sim_timeout_reschedule(actor->timeouts[actor->timeout_count - 1],
                               call->c == 0 ? SIM_NEVER : sim_now(sim) + call->a * SIM_SECOND);

    call->said = sim_status_name(status);
    return SIM_OK;
}

static enum sim_status group(struct sim *sim, void *arg)
{
    struct call *call = arg;
    struct actor *actor = call->actor;
    struct sim_task_group *scope = sim_task_group_new(sim);

    actor->groups[actor->group_count++] = scope;
    enum sim_status status = sim_task_group_with(scope, within, call);

    actor->group_count--;
    return status;
}

static enum sim_status group_task(struct sim *sim, void *arg)
{
    struct call *call = arg;
    const struct actor *actor = call->actor;
    struct actor *body = actor->group_count == 0 ? NULL : procedure_new(sim, call->world, call->a);

    if (body == NULL)
        return say(sim, call, -1);
    if (sim_task_group_create_task(actor->groups[actor->group_count - 1], NULL, procedure_body,
                                   body) == NULL)
        call->said = sim_status_name(sim_exception_kind(sim_exception(sim)));
    return SIM_OK;
}

static enum sim_status start(struct sim *sim, void *arg)
{
    struct call *call = arg;
    struct actor *body = procedure_new(sim, call->world, call->a);

    if (body == NULL)
        return say(sim, call, -1);
    (void)sim_task_new(sim, NULL, procedure_body, body);
    return SIM_OK;
}

static enum sim_status start_eagerly(struct sim *sim, void *arg)
{
    struct call *call = arg;
    struct actor *body = procedure_new(sim, call->world, call->a);

    if (body == NULL)
        return say(sim, call, -1);
    return say(sim, call, sim_done(sim_task_new_eager(sim, NULL, procedure_body, body)));
}

static enum sim_status start_and_await(struct sim *sim, void *arg)
{
    struct call *call = arg;
    struct actor *body = procedure_new(sim, call->world, call->a);

    if (body == NULL)
        return say(sim, call, -1);
    return sim_await(sim_task_new(sim, NULL, procedure_body, body), NULL);
}

/* Two tasks, and a future. */
static void some(const struct call *call, struct sim_future *futures[3])
{
    futures[0] = SIM_FUTURE(call->world->tasks[call->a]);
    futures[1] = SIM_FUTURE(call->world->tasks[call->b]);
    futures[2] = call->world->futures[call->c % 2];
}

static enum sim_status wait_with(struct sim *sim, struct call *call, int64_t timeout_ns,
                                 enum sim_return_when when)
{
    struct sim_future *futures[3];
    struct sim_wait_sets sets;
    bool done[3] = {false, false, false};

    some(call, futures);
    SIM_TRY(sim_wait(sim, futures, 3, timeout_ns, when, &sets));
    for (size_t i = 0; i < sets.done_count; i++)
        for (int j = 0; j < 3; j++)
            done[j] = done[j] || sets.done[i] == futures[j];
    call->said = sim_format(sim, "%d%d%d", done[0], done[1], done[2]);
    return SIM_OK;
}

static enum sim_status wait_first(struct sim *sim, void *arg)
{
    struct call *call = arg;

    return wait_with(sim, call, -1, SIM_FIRST_COMPLETED);
}

static enum sim_status wait_exception(struct sim *sim, void *arg)
{
    struct call *call = arg;

    return wait_with(sim, call, 2 * SIM_SECOND, SIM_FIRST_EXCEPTION);
}

static enum sim_status wait_all(struct sim *sim, void *arg)
{
    struct call *call = arg;

    return wait_with(sim, call, call->c * SIM_SECOND, SIM_ALL_COMPLETED);
}

static enum sim_status as_completed(struct sim *sim, void *arg)
{
    struct call *call = arg;
    struct sim_future *futures[3];
    const char *said = "";

    some(call, futures);
    struct sim_as_completed *completed =
        sim_as_completed(sim, futures, 3, call->c < 2 ? -1 : call->c * SIM_SECOND);

    /* A task may fail with what also says that there are no more. */
    for (int left = futures[0] == futures[1] ? 2 : 3; left > 0; left--) {
        struct sim_value value;
        enum sim_status status = sim_as_completed_result(completed, &value);

        said = status == SIM_OK
                   ? sim_format(sim, "%s %d", said, (int)value.as.integer)
                   : sim_format(sim, "%s %s", said, describe_whole(sim, sim_exception(sim)));
    }
    call->said = said + (*said == ' ');
    return SIM_OK;
}

static void say_called(struct sim *sim, void *arg)
{
    const struct call *call = arg;

    sim_print(sim, "called %d", call->a);
}

static enum sim_status call_soon(struct sim *sim, void *arg)
{
    (void)sim_call_soon(sim, say_called, arg);
    return SIM_OK;
}

static enum sim_status call_later(struct sim *sim, void *arg)
{
    const struct call *call = arg;

    (void)sim_call_later(sim, call->b * SIM_SECOND, say_called, arg);
    return SIM_OK;
}

static enum sim_status context_set(struct sim *sim, void *arg)
{
    const struct call *call = arg;

    (void)sim;
    (void)sim_context_var_set(call->world->variable, sim_int(call->a));
    return SIM_OK;
}

static enum sim_status context_look(struct sim *sim, void *arg)
{
    struct call *call = arg;
    struct sim_value value;

    if (sim_context_var_get(call->world->variable, &value) != SIM_OK)
        return say(sim, call, -1);
    return say(sim, call, (int)value.as.integer);
}

static enum sim_status sleep_in_thread(struct sim *sim, void *arg)
{
    const struct call *call = arg;

    sim_thread_sleep(sim, call->a * SIM_SECOND);
    return SIM_OK;
}

static enum sim_status thread(struct sim *sim, void *arg)
{
    return sim_to_thread(sim, sleep_in_thread, arg, NULL);
}

static enum sim_status thread_within(struct sim *sim, void *arg)
{
    const struct call *call = arg;

    return sim_wait_for_call(sim, thread, arg, call->b * SIM_SECOND);
}

static enum sim_status generator_next(struct sim *sim, void *arg)
{
    struct call *call = arg;
    struct sim_value value;

    SIM_TRY(sim_generator_next(call->world->generator, &value));
    return say(sim, call, (int)value.as.integer);
}

static enum sim_status generator_close(struct sim *sim, void *arg)
{
    const struct call *call = arg;

    (void)sim;
    return sim_generator_close(call->world->generator);
}

#endif
