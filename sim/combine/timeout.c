#include "sim/combine/timeout_state.h"

#include "sim/core/task_state.h"

void timeout_init(struct sim_timeout *timeout, struct sim *sim, int64_t when_ns)
{
    *timeout = (struct sim_timeout){.sim = sim, .when_ns = when_ns};
}

int64_t timeout_deadline(const struct sim *sim, int64_t delay_ns)
{
    return delay_ns < 0 || delay_ns > SIM_NEVER - sim->now_ns ? SIM_NEVER : sim->now_ns + delay_ns;
}

struct sim_timeout *sim_timeout_at_new(struct sim *sim, int64_t when_ns)
{
    struct sim_timeout *timeout = sim_alloc(sim, sizeof(*timeout));

    timeout_init(timeout, sim, when_ns);
    return timeout;
}

struct sim_timeout *sim_timeout_new(struct sim *sim, int64_t delay_ns)
{
    return sim_timeout_at_new(sim, timeout_deadline(sim, delay_ns));
}

static void on_timeout(struct sim *sim, void *arg)
{
    struct sim_timeout *timeout = arg;

    sim_note(sim, SIM_EV_FIRE, .object = task_id(timeout->task));
    timeout->armed = false;
    timeout->state = TIMEOUT_EXPIRING;
    (void)(sim_cancel)(SIM_FUTURE(timeout->task), NULL, NULL);
}

static void disarm(struct sim_timeout *timeout)
{
    if (timeout->armed)
        loop_forget_timer(&timeout->timer);
    timeout->armed = false;
}

static void arm(struct sim_timeout *timeout, int64_t when_ns, const struct sim_site *site)
{
    struct sim *sim = timeout->sim;
    struct sim_loop *loop = loop_running(sim);

    timeout->when_ns = when_ns;
    disarm(timeout);
    if (when_ns == SIM_NEVER)
        return;
    timeout->armed = true;
    sim_look_clock(sim);
    if (when_ns <= sim->now_ns)
        loop_start_soon(loop, &timeout->timer, on_timeout, timeout);
    else
        loop_start_timer(loop, &timeout->timer, when_ns, on_timeout, timeout);
    sim_note(sim, SIM_EV_TIMER, .actor = sim_actor(sim), .object = task_id(timeout->task),
             .value = when_ns, .site = site);
}

enum sim_status(sim_timeout_enter)(struct sim_timeout *timeout, const struct sim_site *site)
{
    struct sim *sim = timeout->sim;

    if (timeout->state != TIMEOUT_CREATED)
        return sim_raise(sim, SIM_RUNTIME_ERROR, "Timeout has already been entered");
    if (sim->running->task == NULL)
        return sim_raise(sim, SIM_RUNTIME_ERROR, "Timeout should be used inside a task");
    timeout->state = TIMEOUT_ENTERED;
    timeout->task = sim->running->task;
    timeout->cancelling = sim_task_cancelling(timeout->task);
    arm(timeout, timeout->when_ns, site);
    return SIM_OK;
}

enum sim_status sim_timeout_exit(struct sim_timeout *timeout, enum sim_status status)
{
    struct sim *sim = timeout->sim;

    SIM_ASSERT(timeout->state == TIMEOUT_ENTERED || timeout->state == TIMEOUT_EXPIRING);
    disarm(timeout);
    if (timeout->state == TIMEOUT_ENTERED) {
        timeout->state = TIMEOUT_EXITED;
        return status;
    }
    timeout->state = TIMEOUT_EXPIRED;
    /* A cancellation that others asked for goes on as one. */
    if (sim_task_uncancel(timeout->task) > timeout->cancelling || status != SIM_CANCELLED)
        return status;
    /* The body may have met other exceptions since, and handled them. */
    const struct sim_exception *cause = sim_ended_with(sim, status, *sim_raised(sim));

    *sim_raised(sim) = sim_exception_new(sim, SIM_TIMEOUT, "", cause);
    return SIM_TIMEOUT;
}

enum sim_status(sim_timeout_with)(struct sim_timeout *timeout, sim_body_fn body, void *arg,
                                  const struct sim_site *site)
{
    SIM_TRY((sim_timeout_enter)(timeout, site));
    return sim_timeout_exit(timeout, body(timeout->sim, arg));
}

enum sim_status(sim_timeout_reschedule)(struct sim_timeout *timeout, int64_t when_ns,
                                        const struct sim_site *site)
{
    static const char *const names[] = {[TIMEOUT_EXPIRING] = "expiring",
                                        [TIMEOUT_EXPIRED] = "expired",
                                        [TIMEOUT_EXITED] = "finished"};

    if (timeout->state == TIMEOUT_CREATED)
        return sim_raise(timeout->sim, SIM_RUNTIME_ERROR, "Timeout has not been entered");
    if (timeout->state != TIMEOUT_ENTERED)
        return sim_raise(timeout->sim, SIM_RUNTIME_ERROR, "Cannot change state of %s Timeout",
                         names[timeout->state]);
    arm(timeout, when_ns, site);
    return SIM_OK;
}

int64_t sim_timeout_when(const struct sim_timeout *timeout)
{
    return timeout->when_ns;
}

bool sim_timeout_expired(const struct sim_timeout *timeout)
{
    return timeout->state == TIMEOUT_EXPIRING || timeout->state == TIMEOUT_EXPIRED;
}
