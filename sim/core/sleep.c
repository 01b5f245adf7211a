#include "sim/core/task_state.h"

struct sleeping {
    struct sim_future future;
    uint32_t task;
};

static void wake_up(struct sim *sim, void *arg)
{
    struct sleeping *sleeping = arg;

    /* As futures._set_result_unless_cancelled. */
    sim_look(sim, sleeping->task);
    if (sleeping->future.state != FUTURE_PENDING)
        return;
    sim_note(sim, SIM_EV_FIRE);
    future_finish(&sleeping->future, sim_none(), NULL);
}

/* Apart, so that a mere yield does not carry this frame. */
static __attribute__((noinline)) enum sim_status sleep_until(struct sim *sim, int64_t when,
                                                             const struct sim_site *site)
{
    struct sim_handle timer;
    struct sleeping sleeping = {.task = task_id(sim->running->task)};

    future_init(&sleeping.future, loop_running(sim), 0);
    loop_start_timer(loop_running(sim), &timer, when, wake_up, &sleeping);
    enum sim_status status = task_wait(sim, &sleeping.future, SIM_WAIT_SLEEP, 0, when, site);

    loop_forget_timer(&timer);
    return status;
}

enum sim_status(sim_sleep)(struct sim *sim, int64_t delay_ns, const struct sim_site *site)
{
    if (sim->running->task == NULL)
        return sim_raise(sim, SIM_RUNTIME_ERROR, "no running event loop");
    if (delay_ns <= 0)
        return task_yield(sim, site);
    return sleep_until(sim, delay_ns > INT64_MAX - sim->now_ns ? INT64_MAX : sim->now_ns + delay_ns,
                       site);
}
