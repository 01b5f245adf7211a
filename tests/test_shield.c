/* shield: what CPython's test_tasks.BaseTaskTests asks of asyncio.shield, test by test; the others
 * are named in test_task.c.
 *
 * Only futures are shielded: a coroutine becomes a task before.
 *
 *   n/a test_shield_coroutine_use_global_loop: a thread has no loop but the one that it runs
 */
#include "tests/task_bodies.h"

#include "sim/core/future_state.h"

static enum sim_status test_shield_result(struct sim *sim, void *arg)
{
    struct sim_future *inner = sim_future_new(sim, NULL);
    struct sim_future *outer = sim_shield(inner);
    struct sim_value value = sim_none();

    (void)arg;
    SIM_TRY(sim_future_set_result(inner, sim_int(42)));
    EXPECT(!sim_done(outer));
    SIM_TRY(sim_await(outer, &value));
    EXPECT(is_int(value, 42));
    return SIM_OK;
}

static enum sim_status test_shield_exception(struct sim *sim, void *arg)
{
    struct sim_future *inner = sim_future_new(sim, NULL);
    struct sim_future *outer = sim_shield(inner);

    (void)arg;
    SIM_TRY(sim_sleep(sim, 0));
    SIM_TRY(sim_future_set_exception(inner, SIM_RUNTIME_ERROR, "expected"));
    SIM_TRY(sim_sleep(sim, 0));
    EXPECT(failed_with(outer, SIM_RUNTIME_ERROR));
    EXPECT(failure_of(outer) == failure_of(inner));
    return SIM_OK;
}

static enum sim_status test_shield_cancel_inner(struct sim *sim, void *arg)
{
    struct sim_future *inner = sim_future_new(sim, NULL);
    struct sim_future *outer = sim_shield(inner);

    (void)arg;
    SIM_TRY(sim_sleep(sim, 0));
    EXPECT(sim_cancel(inner, NULL));
    SIM_TRY(sim_sleep(sim, 0));
    EXPECT(sim_cancelled(outer));
    return SIM_OK;
}

static enum sim_status test_shield_cancel_outer(struct sim *sim, void *arg)
{
    struct sim_future *inner = sim_future_new(sim, NULL);
    struct sim_future *outer = sim_shield(inner);

    (void)arg;
    SIM_TRY(sim_sleep(sim, 0));
    EXPECT(outer->callback_count == 1 && inner->callback_count == 1);
    EXPECT(sim_cancel(outer, NULL));
    SIM_TRY(sim_sleep(sim, 0));
    EXPECT(sim_cancelled(outer));
    EXPECT(!sim_done(inner));
    EXPECT(outer->callback_count == 0 && inner->callback_count == 0);
    return SIM_OK;
}

static enum sim_status test_shield_shortcut(struct sim *sim, void *arg)
{
    struct sim_future *future = sim_future_new(sim, NULL);
    struct sim_value value = sim_none();

    (void)arg;
    SIM_TRY(sim_future_set_result(future, sim_int(42)));
    EXPECT(sim_done(sim_shield(future))); /* at once */
    SIM_TRY(sim_await(sim_shield(future), &value));
    EXPECT(is_int(value, 42));
    return SIM_OK;
}

/* Somebody who shields somebody who waits. */
struct chain {
    struct sim_future *waiter;
    int proof;
};

static enum sim_status prove_inner(struct sim *sim, void *arg)
{
    struct chain *chain = arg;

    (void)sim;
    SIM_TRY(sim_await(chain->waiter, NULL));
    chain->proof++;
    return SIM_OK;
}

static enum sim_status prove_outer(struct sim *sim, void *arg)
{
    struct chain *chain = arg;

    SIM_TRY(sim_await(sim_shield(sim_task_new(sim, NULL, prove_inner, chain)), NULL));
    chain->proof += 100;
    return SIM_OK;
}

static enum sim_status test_shield_effect(struct sim *sim, void *arg)
{
    struct chain chain = {.waiter = sim_future_new(sim, NULL)};
    struct sim_task *outer = sim_task_new(sim, NULL, prove_outer, &chain);

    (void)arg;
    SIM_TRY(sim_sleep(sim, 0));
    EXPECT(sim_cancel(outer, NULL));
    EXPECT(sim_await(outer, NULL) == SIM_CANCELLED);
    SIM_TRY(sim_future_set_result(chain.waiter, sim_none()));
    SIM_TRY(sim_sleep(sim, 0));
    EXPECT(chain.proof == 1);
    return SIM_OK;
}

static enum sim_status test_shield_gather(struct sim *sim, void *arg)
{
    struct sim_future *children[] = {sim_future_new(sim, NULL), sim_future_new(sim, NULL)};
    struct sim_future *parent = sim_gather(sim, children, 2, false);
    struct sim_future *outer = sim_shield(parent);
    struct sim_value list = sim_none();

    (void)arg;
    SIM_TRY(sim_sleep(sim, 0));
    EXPECT(sim_cancel(outer, NULL));
    SIM_TRY(sim_sleep(sim, 0));
    EXPECT(sim_cancelled(outer));
    SIM_TRY(sim_future_set_result(children[0], sim_int(1)));
    SIM_TRY(sim_future_set_result(children[1], sim_int(2)));
    SIM_TRY(sim_sleep(sim, 0));
    SIM_TRY(sim_future_result(parent, &list));
    EXPECT(list.type == SIM_LIST && list.count == 2);
    EXPECT(is_int(list.as.items[0], 1) && is_int(list.as.items[1], 2));
    return SIM_OK;
}

/* Cancelling what gathers shields cancels these, and not what they shield. */
static enum sim_status test_gather_shield(struct sim *sim, void *arg)
{
    struct sim_future *children[] = {sim_future_new(sim, NULL), sim_future_new(sim, NULL)};
    struct sim_future *shields[] = {sim_shield(children[0]), sim_shield(children[1])};
    struct sim_future *parent = sim_gather(sim, shields, 2, false);

    (void)arg;
    SIM_TRY(sim_sleep(sim, 0));
    EXPECT(sim_cancel(parent, NULL));
    SIM_TRY(sim_sleep(sim, 0));
    EXPECT(failed_with(parent, SIM_CANCELLED));
    EXPECT(sim_cancelled(shields[0]) && sim_cancelled(shields[1]));
    SIM_TRY(sim_future_set_result(children[0], sim_int(1)));
    SIM_TRY(sim_future_set_result(children[1], sim_int(2)));
    return sim_sleep(sim, 0);
}

static enum sim_status make_task_without_loop(struct sim *sim, void *coroutine)
{
    EXPECT(sim_coroutine_task(coroutine) == NULL); /* there is nothing to shield */
    EXPECT(sim_exception_kind(sim_exception(sim)) == SIM_RUNTIME_ERROR);
    EXPECT(raised(sim, "no running event loop"));
    return SIM_OK;
}

static enum sim_status test_shield_coroutine_without_loop(struct sim *sim, void *arg)
{
    struct sim_coroutine *coroutine = sim_coroutine_new(sim, "coro", return_42, NULL);

    (void)arg;
    SIM_TRY(run_outside(sim, make_task_without_loop, coroutine));
    sim_coroutine_close(coroutine);
    return SIM_OK;
}

static enum sim_status test_shield_coroutine_use_running_loop(struct sim *sim, void *arg)
{
    struct sim_coroutine *coroutine = sim_coroutine_new(sim, "coro", return_42, NULL);
    struct sim_future *outer = sim_shield(sim_coroutine_task(coroutine));
    struct sim_value value = sim_none();

    (void)arg;
    EXPECT(outer->loop == sim_running_loop(sim));
    SIM_TRY(sim_await(outer, &value));
    EXPECT(is_int(value, 42));
    return SIM_OK;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        BODY(test_shield_result),
        BODY(test_shield_exception),
        BODY(test_shield_cancel_inner),
        BODY(test_shield_cancel_outer),
        BODY(test_shield_shortcut),
        BODY(test_shield_effect),
        BODY(test_shield_gather),
        BODY(test_gather_shield),
        BODY(test_shield_coroutine_without_loop),
        BODY(test_shield_coroutine_use_running_loop),
    };

    return cmocka_run_group_tests_name("BaseTaskTests", tests, NULL, NULL);
}
