/* What a random program may do with semaphores, a barrier and queues. */
#ifndef TESTS_CONFORMANCE_OPERATIONS_SYNC_H
#define TESTS_CONFORMANCE_OPERATIONS_SYNC_H

#include "tests/conformance/world.h"

static enum sim_status semaphore_acquire(struct sim *sim, void *arg)
{
    const struct call *call = arg;

    (void)sim;
    return sim_semaphore_acquire(call->world->semaphores[call->a]);
}

static enum sim_status semaphore_acquire_within(struct sim *sim, void *arg)
{
    const struct call *call = arg;

    return sim_wait_for_call(sim, semaphore_acquire, arg, call->b * SIM_SECOND);
}

static enum sim_status semaphore_release(struct sim *sim, void *arg)
{
    const struct call *call = arg;

    (void)sim;
    return sim_semaphore_release(call->world->semaphores[call->a]);
}

static enum sim_status barrier_wait(struct sim *sim, void *arg)
{
    struct call *call = arg;
    int index = -1;

    SIM_TRY(sim_barrier_wait(call->world->barrier, &index));
    return say(sim, call, index);
}

static enum sim_status barrier_wait_within(struct sim *sim, void *arg)
{
    const struct call *call = arg;

    return sim_wait_for_call(sim, barrier_wait, arg, call->b * SIM_SECOND);
}

static enum sim_status barrier_reset(struct sim *sim, void *arg)
{
    const struct call *call = arg;

    (void)sim;
    return sim_barrier_reset(call->world->barrier);
}

static enum sim_status barrier_abort(struct sim *sim, void *arg)
{
    const struct call *call = arg;

    (void)sim;
    return sim_barrier_abort(call->world->barrier);
}

static enum sim_status queue_put(struct sim *sim, void *arg)
{
    const struct call *call = arg;

    (void)sim;
    return sim_queue_put(call->world->queues[call->a], sim_int(call->c));
}

static enum sim_status queue_put_within(struct sim *sim, void *arg)
{
    const struct call *call = arg;

    return sim_wait_for_call(sim, queue_put, arg, call->b * SIM_SECOND);
}

static enum sim_status queue_put_nowait(struct sim *sim, void *arg)
{
    const struct call *call = arg;

    (void)sim;
    return sim_queue_put_nowait(call->world->queues[call->a], sim_int(call->c));
}

static enum sim_status queue_get(struct sim *sim, void *arg)
{
    struct call *call = arg;
    struct sim_value item;

    SIM_TRY(sim_queue_get(call->world->queues[call->a], &item));
    return say(sim, call, (int)item.as.integer);
}

static enum sim_status queue_get_within(struct sim *sim, void *arg)
{
    const struct call *call = arg;

    return sim_wait_for_call(sim, queue_get, arg, call->b * SIM_SECOND);
}

static enum sim_status queue_get_nowait(struct sim *sim, void *arg)
{
    struct call *call = arg;
    struct sim_value item;

    SIM_TRY(sim_queue_get_nowait(call->world->queues[call->a], &item));
    return say(sim, call, (int)item.as.integer);
}

static enum sim_status queue_task_done(struct sim *sim, void *arg)
{
    const struct call *call = arg;

    (void)sim;
    return sim_queue_task_done(call->world->queues[call->a]);
}

static enum sim_status queue_join(struct sim *sim, void *arg)
{
    const struct call *call = arg;

    (void)sim;
    return sim_queue_join(call->world->queues[call->a]);
}

static enum sim_status queue_join_within(struct sim *sim, void *arg)
{
    const struct call *call = arg;

    return sim_wait_for_call(sim, queue_join, arg, call->b * SIM_SECOND);
}

static enum sim_status queue_shutdown(struct sim *sim, void *arg)
{
    const struct call *call = arg;

    (void)sim;
    return sim_queue_shutdown(call->world->queues[call->a], call->b == 0);
}

static enum sim_status sync_look(struct sim *sim, void *arg)
{
    struct call *call = arg;
    const struct world *world = call->world;
    const struct sim_queue *queue = world->queues[call->a];

    call->said =
        sim_format(sim, "%d, %d %d, %zu %d", sim_semaphore_locked(world->semaphores[call->a]),
                   sim_barrier_n_waiting(world->barrier), sim_barrier_broken(world->barrier),
                   sim_queue_size(queue), sim_queue_full(queue));
    return SIM_OK;
}

#endif
