/* Condition: what CPython's test_locks.ConditionTests asks of a wait that is cancelled, test by
 * test; the others are in test_condition.c. */
#include "tests/body.h"

struct user {
    struct sim_condition *cond;
    struct notes *notes;
    char name;
};

static enum sim_status acquire(struct sim_condition *cond)
{
    return sim_lock_acquire(sim_condition_lock(cond));
}

static enum sim_status release(struct sim_condition *cond)
{
    return sim_lock_release(sim_condition_lock(cond));
}

static bool locked(struct sim_condition *cond)
{
    return sim_lock_locked(sim_condition_lock(cond));
}

static enum sim_status only_wait(struct sim *sim, void *cond)
{
    (void)sim;
    return sim_condition_wait(cond);
}

static enum sim_status test_wait_cancel(struct sim *sim, void *arg)
{
    struct sim_condition *cond = sim_condition_new(sim, NULL, NULL);

    (void)arg;
    SIM_TRY(acquire(cond));
    struct sim_task *task = sim_task_new(sim, NULL, only_wait, cond);
    cancel_soon(sim, task);
    EXPECT(sim_await(task, NULL) == SIM_CANCELLED);
    EXPECT(locked(cond));
    return SIM_OK;
}

static void release_now(struct sim *sim, void *cond)
{
    EXPECT(release(cond) == SIM_OK);
}

/* Notified, then cancelled while somebody else has the lock: it comes out with the lock. */
static enum sim_status test_wait_cancel_contested(struct sim *sim, void *arg)
{
    struct sim_condition *cond = sim_condition_new(sim, NULL, NULL);

    (void)arg;
    SIM_TRY(acquire(cond));
    EXPECT(locked(cond));
    struct sim_task *task = sim_task_new(sim, NULL, only_wait, cond);
    SIM_TRY(sim_sleep(sim, 0));
    EXPECT(!locked(cond));
    SIM_TRY(acquire(cond));
    EXPECT(locked(cond));
    SIM_TRY(sim_condition_notify(cond, 1));
    cancel_soon(sim, task);
    (void)sim_call_soon(sim, release_now, cond);
    EXPECT(sim_await(task, NULL) == SIM_CANCELLED);
    EXPECT(locked(cond));
    return SIM_OK;
}

static enum sim_status note_and_wait(struct sim *sim, void *arg)
{
    const struct user *self = arg;

    (void)sim;
    note(self->notes, self->name);
    return sim_condition_wait(self->cond);
}

static enum sim_status wait_with_lock(struct sim *sim, void *arg)
{
    struct user *self = arg;

    (void)sim;
    return sim_lock_with(sim_condition_lock(self->cond), note_and_wait, self);
}

static enum sim_status test_wait_cancel_after_notify(struct sim *sim, void *arg)
{
    struct notes notes = {0};
    struct user user = {sim_condition_new(sim, NULL, NULL), &notes, 'w'};
    struct sim_task *task = sim_task_new(sim, NULL, wait_with_lock, &user);

    (void)arg;
    SIM_TRY(sim_sleep(sim, 0)); /* it begins to wait */
    SIM_TRY(acquire(user.cond));
    SIM_TRY(sim_condition_notify(user.cond, 1));
    SIM_TRY(sim_sleep(sim, 0)); /* it waits for the lock */
    sim_cancel(task, NULL);
    SIM_TRY(sim_sleep(sim, 0)); /* it goes on waiting for it */
    SIM_TRY(release(user.cond));
    SIM_TRY(sim_sleep(sim, 0));
    EXPECT(sim_cancelled(task));
    EXPECT(noted(&notes, "w"));
    return SIM_OK;
}

static enum sim_status wait_half_a_second(struct sim *sim, void *cond)
{
    EXPECT(sim_wait_for_call(sim, only_wait, cond, SIM_SECOND / 2) == SIM_TIMEOUT);
    EXPECT(locked(cond));
    return SIM_OK;
}

static enum sim_status test_timeout_in_block(struct sim *sim, void *arg)
{
    struct sim_condition *cond = sim_condition_new(sim, NULL, NULL);

    (void)arg;
    return sim_lock_with(sim_condition_lock(cond), wait_half_a_second, cond);
}

/* What predicates look at. */
struct state {
    struct sim_condition *cond;
    int number;
};

static bool is_nonzero(void *arg)
{
    const struct state *state = arg;

    return state->number != 0;
}

static bool is_zero(void *arg)
{
    return !is_nonzero(arg);
}

struct raised {
    struct state state; /* first: predicates look at it */
    const struct sim_exception *exception;
};

static enum sim_status keep_exception(struct sim *sim, void *arg)
{
    struct raised *raised = arg;
    enum sim_status status = sim_condition_wait_for(raised->state.cond, is_nonzero, raised);

    EXPECT(status == SIM_CANCELLED);
    raised->exception = sim_exception(sim);
    return status;
}

static enum sim_status keep_with_lock(struct sim *sim, void *arg)
{
    struct raised *raised = arg;

    (void)sim;
    return sim_lock_with(sim_condition_lock(raised->state.cond), keep_exception, raised);
}

static void expect_same(struct sim *sim, struct sim_task *task, const struct raised *raised)
{
    EXPECT(sim_await(task, NULL) == SIM_CANCELLED);
    EXPECT(sim_exception(sim) == raised->exception);
    EXPECT(strcmp(sim_exception_message(sim_exception(sim)), "foo") == 0);
}

/* Cancelled while it waits for the notification: that very exception comes out. */
static enum sim_status test_cancelled_error_wakeup(struct sim *sim, void *arg)
{
    struct raised raised = {.state.cond = sim_condition_new(sim, NULL, NULL)};
    struct sim_task *task = sim_task_new(sim, NULL, keep_with_lock, &raised);

    (void)arg;
    SIM_TRY(sim_sleep(sim, 0));
    sim_cancel(task, "foo");
    expect_same(sim, task, &raised);
    return SIM_OK;
}

/* The same while it waits to get the lock back. */
static enum sim_status test_cancelled_error_re_aquire(struct sim *sim, void *arg)
{
    struct raised raised = {.state.cond = sim_condition_new(sim, NULL, NULL)};
    struct sim_task *task = sim_task_new(sim, NULL, keep_with_lock, &raised);

    (void)arg;
    SIM_TRY(sim_sleep(sim, 0));
    SIM_TRY(acquire(raised.state.cond));
    raised.state.number = 1;
    SIM_TRY(sim_condition_notify(raised.state.cond, 1));
    SIM_TRY(sim_sleep(sim, 0));
    sim_cancel(task, "foo");
    SIM_TRY(release(raised.state.cond));
    expect_same(sim, task, &raised);
    return SIM_OK;
}

static enum sim_status consume_until_negative(struct sim *sim, void *arg)
{
    struct state *state = arg;

    (void)sim;
    for (;;) {
        SIM_TRY(sim_condition_wait_for(state->cond, is_nonzero, state));
        if (state->number < 0)
            return SIM_OK;
        state->number--;
        SIM_TRY(sim_condition_notify_all(state->cond)); /* the test waits for 0 */
    }
}

static enum sim_status consumer(struct sim *sim, void *arg)
{
    struct state *state = arg;

    (void)sim;
    return sim_lock_with(sim_condition_lock(state->cond), consume_until_negative, state);
}

static enum sim_status wait_for_zero(struct sim *sim, void *arg)
{
    struct state *state = arg;

    (void)sim;
    return sim_condition_wait_for(state->cond, is_zero, state);
}

/* One item for two consumers; the one notified for it is cancelled: the other must take it. */
static enum sim_status cancel_notified(struct sim *sim, bool when_relocking)
{
    struct state state = {.cond = sim_condition_new(sim, NULL, NULL)};
    struct sim_task *first = sim_task_new(sim, NULL, consumer, &state);
    struct sim_task *second = sim_task_new(sim, NULL, consumer, &state);

    SIM_TRY(sim_sleep(sim, 0));
    SIM_TRY(acquire(state.cond));
    state.number = 1;
    SIM_TRY(sim_condition_notify(state.cond, 1));
    if (when_relocking)
        SIM_TRY(sim_sleep(sim, 0));
    sim_cancel(first, NULL);
    EXPECT(sim_wait_for_call(sim, wait_for_zero, &state, 10 * SIM_MS) == SIM_OK);
    EXPECT(state.number == 0);
    state.number = -1;
    SIM_TRY(sim_condition_notify_all(state.cond));
    SIM_TRY(release(state.cond));
    EXPECT(sim_cancelled(first));
    return sim_await(second, NULL);
}

static enum sim_status test_cancelled_wakeup(struct sim *sim, void *arg)
{
    (void)arg;
    return cancel_notified(sim, false);
}

static enum sim_status test_cancelled_wakeup_relock(struct sim *sim, void *arg)
{
    (void)arg;
    return cancel_notified(sim, true);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        BODY(test_wait_cancel),
        BODY(test_wait_cancel_contested),
        BODY(test_wait_cancel_after_notify),
        BODY(test_timeout_in_block),
        BODY(test_cancelled_error_wakeup),
        BODY(test_cancelled_error_re_aquire),
        BODY(test_cancelled_wakeup),
        BODY(test_cancelled_wakeup_relock),
    };

    return cmocka_run_group_tests_name("ConditionTests", tests, NULL, NULL);
}
