/* A primitive belongs to the loop where a task first waited at it: a task of another loop can use
 * it as long as it need not wait, and then gets an error.  As asyncio's _LoopBoundMixin. */
#include "tests/body.h"

/* One of each, and those who wait there. */
struct things {
    struct sim_lock *lock;
    struct sim_flag *event;
    struct sim_condition *condition;
    struct sim_semaphore *semaphore;
    struct sim_barrier *barrier;
    struct sim_queue *empty;
    struct sim_queue *full;
};

static enum sim_status use_lock(struct sim *sim, void *arg)
{
    (void)sim;
    return sim_lock_acquire(((struct things *)arg)->lock);
}

static enum sim_status use_event(struct sim *sim, void *arg)
{
    (void)sim;
    return sim_event_wait(((struct things *)arg)->event);
}

static enum sim_status wait_there(struct sim *sim, void *condition)
{
    (void)sim;
    return sim_condition_wait(condition);
}

static enum sim_status use_condition(struct sim *sim, void *arg)
{
    struct sim_condition *condition = ((struct things *)arg)->condition;

    (void)sim;
    return sim_lock_with(sim_condition_lock(condition), wait_there, condition);
}

static enum sim_status use_semaphore(struct sim *sim, void *arg)
{
    (void)sim;
    return sim_semaphore_acquire(((struct things *)arg)->semaphore);
}

static enum sim_status use_barrier(struct sim *sim, void *arg)
{
    (void)sim;
    return sim_barrier_wait(((struct things *)arg)->barrier, NULL);
}

static enum sim_status use_get(struct sim *sim, void *arg)
{
    (void)sim;
    return sim_queue_get(((struct things *)arg)->empty, NULL);
}

static enum sim_status use_put(struct sim *sim, void *arg)
{
    (void)sim;
    return sim_queue_put(((struct things *)arg)->full, sim_int(2));
}

static enum sim_status use_join(struct sim *sim, void *arg)
{
    (void)sim;
    return sim_queue_join(((struct things *)arg)->full);
}

static const sim_body_fn uses[] = {use_lock,    use_event, use_condition, use_semaphore,
                                   use_barrier, use_get,   use_put,       use_join};

enum { USES = sizeof(uses) / sizeof(uses[0]) };

static void expect_refused(struct sim *sim, enum sim_status status)
{
    EXPECT(status == SIM_RUNTIME_ERROR);
    EXPECT(strstr(sim_exception_message(sim_exception(sim)), "is bound to a different event loop"));
}

static enum sim_status use_all(struct sim *sim, void *arg)
{
    for (int i = 0; i < USES; i++)
        expect_refused(sim, uses[i](sim, arg));
    return SIM_OK;
}

static enum sim_status run_other_loop(struct sim *sim, void *arg)
{
    return sim_loop_run(sim, use_all, arg, NULL);
}

static struct things *new_things(struct sim *sim)
{
    struct things *things = sim_alloc(sim, sizeof(*things));

    things->lock = sim_lock_new(sim, NULL);
    things->event = sim_event_new(sim, NULL);
    things->condition = sim_condition_new(sim, NULL, NULL);
    things->semaphore = sim_semaphore_new(sim, NULL, 0);
    things->barrier = sim_barrier_new(sim, NULL, 3);
    things->empty = sim_queue_new(sim, NULL, 0);
    things->full = sim_queue_new(sim, NULL, 1);
    return things;
}

static enum sim_status waiting_in_two_loops_is_refused(struct sim *sim, void *arg)
{
    struct things *things = new_things(sim);
    struct sim_task *tasks[USES];

    (void)arg;
    SIM_TRY(sim_lock_acquire(things->lock));
    SIM_TRY(sim_queue_put(things->full, sim_int(1)));
    for (int i = 0; i < USES; i++)
        tasks[i] = sim_task_new(sim, NULL, uses[i], things);
    SIM_TRY(sim_sleep(sim, 0));
    SIM_TRY(sim_thread_join(sim_thread_new(sim, NULL, run_other_loop, things), NULL));
    EXPECT(sim_barrier_n_waiting(things->barrier) == 1); /* the other did not come in */
    for (int i = 0; i < USES; i++) {
        sim_cancel(tasks[i], NULL);
        EXPECT(sim_await(tasks[i], NULL) == SIM_CANCELLED);
    }
    return SIM_OK;
}

static enum sim_status use_without_waiting(struct sim *sim, void *arg)
{
    struct things *things = arg;

    SIM_TRY(use_lock(sim, things));
    SIM_TRY(use_event(sim, things));
    SIM_TRY(use_semaphore(sim, things));
    SIM_TRY(use_get(sim, things));
    SIM_TRY(sim_queue_task_done(things->empty));
    return sim_queue_join(things->empty);
}

static enum sim_status run_without_waiting(struct sim *sim, void *arg)
{
    return sim_loop_run(sim, use_without_waiting, arg, NULL);
}

static enum sim_status who_need_not_wait_may_be_in_any_loop(struct sim *sim, void *arg)
{
    struct things *things = new_things(sim);

    (void)arg;
    sim_event_set(things->event);
    SIM_TRY(sim_semaphore_release(things->semaphore));
    SIM_TRY(sim_queue_put_nowait(things->empty, sim_int(1)));
    SIM_TRY(sim_thread_join(sim_thread_new(sim, NULL, run_without_waiting, things), NULL));
    SIM_TRY(sim_lock_release(things->lock));
    SIM_TRY(sim_semaphore_release(things->semaphore));
    SIM_TRY(sim_queue_put_nowait(things->empty, sim_int(1)));
    return use_without_waiting(sim, things);
}

static enum sim_status use_outside(struct sim *sim, void *arg)
{
    for (int i = 0; i < USES; i++) {
        EXPECT(uses[i](sim, arg) == SIM_RUNTIME_ERROR);
        EXPECT(strcmp(sim_exception_message(sim_exception(sim)), "no running event loop") == 0);
    }
    return SIM_OK;
}

static enum sim_status waiting_outside_of_a_task_is_refused(struct sim *sim, void *arg)
{
    struct things *things = new_things(sim);

    (void)arg;
    SIM_TRY(sim_lock_acquire(things->lock));
    SIM_TRY(sim_queue_put(things->full, sim_int(1)));
    return sim_thread_join(sim_thread_new(sim, NULL, use_outside, things), NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        BODY(waiting_in_two_loops_is_refused),
        BODY(who_need_not_wait_may_be_in_any_loop),
        BODY(waiting_outside_of_a_task_is_refused),
    };

    return cmocka_run_group_tests_name("other_loop", tests, NULL, NULL);
}
