#include "sim/combine/coroutine.h"

#include "sim/core/task_state.h"

struct sim_coroutine {
    struct sim *sim;
    sim_body_fn body;
    void *arg;
    uint32_t id;
    bool taken; /* awaited or closed */
};

enum sim_status sim_call(struct sim *sim, sim_body_fn body, void *arg, struct sim_value *result)
{
    struct sim_thread *thread = sim->running;
    struct sim_task *task = thread->task;
    struct sim_value *returned = task != NULL ? &task->future.value : &thread->value;
    struct sim_value before = *returned;

    *returned = sim_none();
    enum sim_status status = body(sim, arg);

    if (result != NULL)
        *result = *returned;
    *returned = before;
    return status;
}

struct sim_coroutine *(sim_coroutine_new)(struct sim *sim, const char *name, sim_body_fn body,
                                          void *arg, const struct sim_site *site)
{
    struct sim_coroutine *coroutine = sim_alloc(sim, sizeof(*coroutine));

    *coroutine = (struct sim_coroutine){.sim = sim, .body = body, .arg = arg};
    coroutine->id = sim_object_new(sim, SIM_OBJ_COROUTINE, name, 0, site);
    sim_op(sim, SIM_EV_CREATE, .actor = sim_actor(sim), .object = coroutine->id, .site = site);
    return coroutine;
}

static void take(struct sim_coroutine *coroutine)
{
    struct sim *sim = coroutine->sim;

    coroutine->taken = true;
    sim_note(sim, SIM_EV_AWAITED, .actor = sim_actor(sim), .object = coroutine->id);
}

enum sim_status sim_coroutine_await(struct sim_coroutine *coroutine, struct sim_value *result)
{
    if (coroutine->taken)
        return sim_raise(coroutine->sim, SIM_RUNTIME_ERROR,
                         "cannot reuse already awaited coroutine");
    take(coroutine);
    return sim_call(coroutine->sim, coroutine->body, coroutine->arg, result);
}

static enum sim_status run(struct sim *sim, void *arg)
{
    struct sim_value value = sim_none();

    SIM_TRY(sim_coroutine_await(arg, &value));
    return sim_return(sim, value);
}

struct sim_task *(sim_coroutine_task)(struct sim_coroutine *coroutine, const struct sim_site *site)
{
    return (sim_task_new)(coroutine->sim, NULL, run, coroutine, site);
}

void sim_coroutine_close(struct sim_coroutine *coroutine)
{
    if (!coroutine->taken)
        take(coroutine);
}
