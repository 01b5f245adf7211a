#include "sim/combine/deadline.h"

#include "sim/core/task_state.h"

static void on_timeout(struct sim *sim, void *arg)
{
    struct deadline *deadline = arg;

    sim_note(sim, SIM_EV_FIRE, .object = task_id(deadline->task));
    deadline->expired = true;
    (void)(sim_cancel)(SIM_FUTURE(deadline->task), NULL, NULL);
}

void deadline_enter(struct deadline *deadline, struct sim *sim, int64_t timeout_ns)
{
    int64_t when = timeout_ns > INT64_MAX - sim->now_ns ? INT64_MAX : sim->now_ns + timeout_ns;

    SIM_ASSERT(timeout_ns > 0 && sim->running->task != NULL);
    deadline->sim = sim;
    deadline->task = sim->running->task;
    deadline->cancelling = sim_task_cancelling(deadline->task);
    deadline->expired = false;
    loop_start_timer(loop_running(sim), &deadline->timer, when, on_timeout, deadline);
    sim_note(sim, SIM_EV_TIMER, .actor = sim_actor(sim), .object = task_id(deadline->task),
             .value = when);
}

enum sim_status deadline_exit(struct deadline *deadline, enum sim_status status)
{
    struct sim *sim = deadline->sim;

    loop_forget_timer(&deadline->timer);
    if (!deadline->expired)
        return status;
    if (sim_task_uncancel(deadline->task) > deadline->cancelling || status != SIM_CANCELLED)
        return status;
    *sim_raised(sim) = sim_exception_new(sim, SIM_TIMEOUT, "", *sim_raised(sim));
    return SIM_TIMEOUT;
}
