/* Condition: what CPython's test_locks.ConditionTests asks of asyncio.Condition, test by test;
 * those about cancellation are in test_condition_cancel.c.
 *
 *   n/a test_repr: C has no repr
 */
#include "tests/body.h"

struct user {
    struct sim_condition *cond;
    struct notes *notes;
    char name;
    bool releases; /* gives the lock up at its end */
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

static enum sim_status wait_and_note(struct sim *sim, void *arg)
{
    const struct user *self = arg;

    (void)sim;
    SIM_TRY(acquire(self->cond));
    SIM_TRY(sim_condition_wait(self->cond));
    note(self->notes, self->name);
    return self->releases ? release(self->cond) : SIM_OK;
}

static void start(struct sim *sim, struct sim_condition *cond, struct notes *notes, bool releases,
                  struct sim_task **tasks, int count)
{
    for (int i = 0; i < count; i++) {
        struct user *user = sim_alloc(sim, sizeof(*user));

        *user = (struct user){cond, notes, (char)('1' + i), releases};
        tasks[i] = sim_task_new(sim, NULL, wait_and_note, user);
    }
}

static enum sim_status test_wait(struct sim *sim, void *arg)
{
    struct notes notes = {0};
    struct sim_condition *cond = sim_condition_new(sim, NULL, NULL);
    struct sim_task *tasks[3];

    (void)arg;
    start(sim, cond, &notes, false, tasks, 3);
    SIM_TRY(sim_sleep(sim, 0));
    EXPECT(noted(&notes, "") && !locked(cond));
    SIM_TRY(acquire(cond));
    SIM_TRY(sim_condition_notify(cond, 1));
    SIM_TRY(sim_sleep(sim, 0));
    EXPECT(noted(&notes, "") && locked(cond));
    SIM_TRY(release(cond));
    SIM_TRY(sim_sleep(sim, 0));
    EXPECT(noted(&notes, "1") && locked(cond));
    SIM_TRY(sim_condition_notify(cond, 2));
    SIM_TRY(sim_sleep(sim, 0));
    EXPECT(noted(&notes, "1") && locked(cond));
    SIM_TRY(release(cond));
    SIM_TRY(sim_sleep(sim, 0));
    EXPECT(noted(&notes, "12") && locked(cond));
    SIM_TRY(release(cond));
    SIM_TRY(sim_sleep(sim, 0));
    EXPECT(noted(&notes, "123") && locked(cond));
    for (int i = 0; i < 3; i++)
        EXPECT(sim_done(tasks[i]) && sim_future_result(tasks[i], NULL) == SIM_OK);
    return SIM_OK;
}

static enum sim_status test_wait_unacquired(struct sim *sim, void *arg)
{
    (void)arg;
    EXPECT(sim_condition_wait(sim_condition_new(sim, NULL, NULL)) == SIM_RUNTIME_ERROR);
    return SIM_OK;
}

/* What predicates look at. */
struct state {
    struct sim_condition *cond;
    struct notes *notes;
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

static enum sim_status wait_for_nonzero(struct sim *sim, void *arg)
{
    struct state *state = arg;

    (void)sim;
    SIM_TRY(acquire(state->cond));
    SIM_TRY(sim_condition_wait_for(state->cond, is_nonzero, state));
    note(state->notes, '1');
    return release(state->cond);
}

static enum sim_status notify_and_wait(struct sim *sim, struct sim_condition *cond)
{
    SIM_TRY(acquire(cond));
    SIM_TRY(sim_condition_notify(cond, 1));
    SIM_TRY(release(cond));
    return sim_sleep(sim, 0);
}

static enum sim_status test_wait_for(struct sim *sim, void *arg)
{
    struct notes notes = {0};
    struct state state = {sim_condition_new(sim, NULL, NULL), &notes, 0};
    struct sim_task *task = sim_task_new(sim, NULL, wait_for_nonzero, &state);

    (void)arg;
    SIM_TRY(sim_sleep(sim, 0));
    EXPECT(noted(&notes, ""));
    SIM_TRY(notify_and_wait(sim, state.cond));
    EXPECT(noted(&notes, ""));
    state.number = 1;
    SIM_TRY(notify_and_wait(sim, state.cond));
    EXPECT(noted(&notes, "1"));
    EXPECT(sim_done(task) && sim_future_result(task, NULL) == SIM_OK);
    return SIM_OK;
}

static enum sim_status test_wait_for_unacquired(struct sim *sim, void *arg)
{
    struct state state = {sim_condition_new(sim, NULL, NULL), NULL, 1};

    (void)arg;
    /* What is true already is not waited for. */
    EXPECT(sim_condition_wait_for(state.cond, is_nonzero, &state) == SIM_OK);
    EXPECT(sim_condition_wait_for(state.cond, is_zero, &state) == SIM_RUNTIME_ERROR);
    return SIM_OK;
}

static enum sim_status test_notify(struct sim *sim, void *arg)
{
    struct notes notes = {0};
    struct sim_condition *cond = sim_condition_new(sim, NULL, NULL);
    struct sim_task *tasks[3];

    (void)arg;
    start(sim, cond, &notes, true, tasks, 3);
    SIM_TRY(sim_sleep(sim, 0));
    EXPECT(noted(&notes, ""));
    SIM_TRY(notify_and_wait(sim, cond));
    EXPECT(noted(&notes, "1"));
    SIM_TRY(acquire(cond));
    SIM_TRY(sim_condition_notify(cond, 1));
    SIM_TRY(sim_condition_notify(cond, 2048));
    SIM_TRY(release(cond));
    SIM_TRY(sim_sleep(sim, 0));
    EXPECT(noted(&notes, "123"));
    for (int i = 0; i < 3; i++)
        EXPECT(sim_done(tasks[i]) && sim_future_result(tasks[i], NULL) == SIM_OK);
    return SIM_OK;
}

static enum sim_status test_notify_all(struct sim *sim, void *arg)
{
    struct notes notes = {0};
    struct sim_condition *cond = sim_condition_new(sim, NULL, NULL);
    struct sim_task *tasks[2];

    (void)arg;
    start(sim, cond, &notes, true, tasks, 2);
    SIM_TRY(sim_sleep(sim, 0));
    EXPECT(noted(&notes, ""));
    SIM_TRY(acquire(cond));
    SIM_TRY(sim_condition_notify_all(cond));
    SIM_TRY(release(cond));
    SIM_TRY(sim_sleep(sim, 0));
    EXPECT(noted(&notes, "12"));
    for (int i = 0; i < 2; i++)
        EXPECT(sim_done(tasks[i]) && sim_future_result(tasks[i], NULL) == SIM_OK);
    return SIM_OK;
}

static enum sim_status test_notify_unacquired(struct sim *sim, void *arg)
{
    (void)arg;
    EXPECT(sim_condition_notify(sim_condition_new(sim, NULL, NULL), 1) == SIM_RUNTIME_ERROR);
    return SIM_OK;
}

static enum sim_status test_notify_all_unacquired(struct sim *sim, void *arg)
{
    (void)arg;
    EXPECT(sim_condition_notify_all(sim_condition_new(sim, NULL, NULL)) == SIM_RUNTIME_ERROR);
    return SIM_OK;
}

static enum sim_status expect_locked(struct sim *sim, void *cond)
{
    EXPECT(locked(cond));
    return SIM_OK;
}

static enum sim_status test_context_manager(struct sim *sim, void *arg)
{
    struct sim_condition *cond = sim_condition_new(sim, NULL, NULL);

    (void)arg;
    EXPECT(!locked(cond));
    SIM_TRY(sim_lock_with(sim_condition_lock(cond), expect_locked, cond));
    EXPECT(!locked(cond));
    return SIM_OK;
}

static enum sim_status test_explicit_lock(struct sim *sim, void *arg)
{
    struct sim_lock *lock = sim_lock_new(sim, NULL);
    struct sim_condition *cond = sim_condition_new(sim, NULL, lock);

    (void)arg;
    EXPECT(sim_condition_lock(cond) == lock);
    EXPECT(!sim_lock_locked(lock));
    SIM_TRY(sim_lock_with(lock, expect_locked, cond));
    EXPECT(!locked(cond));
    SIM_TRY(acquire(cond));
    EXPECT(sim_lock_locked(lock));
    SIM_TRY(release(cond));
    EXPECT(!sim_lock_locked(lock));
    return SIM_OK;
}

static void expect_other_loop(struct sim *sim, enum sim_status status)
{
    EXPECT(status == SIM_RUNTIME_ERROR);
    EXPECT(strstr(sim_exception_message(sim_exception(sim)), "is bound to a different event loop"));
}

static enum sim_status use_from_elsewhere(struct sim *sim, void *cond)
{
    expect_other_loop(sim, acquire(cond));
    struct sim_condition *other = sim_condition_new(sim, NULL, NULL);

    SIM_TRY(acquire(other));
    return release(other);
}

static enum sim_status wait_from_elsewhere(struct sim *sim, void *cond)
{
    SIM_TRY(acquire(cond)); /* it is free: no loop has a part in this */
    expect_other_loop(sim, sim_condition_wait(cond));
    EXPECT(locked(cond));
    return release(cond);
}

struct elsewhere {
    sim_body_fn body;
    struct sim_condition *cond;
};

static enum sim_status run_loop(struct sim *sim, void *arg)
{
    const struct elsewhere *elsewhere = arg;

    return sim_loop_run(sim, elsewhere->body, elsewhere->cond, NULL);
}

static enum sim_status test_ambiguous_loops(struct sim *sim, void *arg)
{
    struct notes notes = {0};
    struct sim_condition *cond = sim_condition_new(sim, NULL, NULL);
    struct elsewhere lock = {use_from_elsewhere, cond};
    struct elsewhere wait = {wait_from_elsewhere, cond};
    struct user user = {cond, &notes, '1', true};

    (void)arg;
    /* Somebody waits for the lock here, so it belongs to this loop. */
    SIM_TRY(acquire(cond));
    struct sim_task *task = sim_task_new(sim, NULL, wait_and_note, &user);
    SIM_TRY(sim_sleep(sim, 0));
    SIM_TRY(sim_thread_join(sim_thread_new(sim, NULL, run_loop, &lock), NULL));
    /* Now he waits for the condition, so it does, too. */
    SIM_TRY(release(cond));
    SIM_TRY(sim_sleep(sim, 0));
    SIM_TRY(sim_sleep(sim, 0));
    EXPECT(!locked(cond));
    SIM_TRY(sim_thread_join(sim_thread_new(sim, NULL, run_loop, &wait), NULL));
    SIM_TRY(notify_and_wait(sim, cond));
    return sim_await(task, NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        BODY(test_wait),
        BODY(test_wait_unacquired),
        BODY(test_wait_for),
        BODY(test_wait_for_unacquired),
        BODY(test_notify),
        BODY(test_notify_all),
        BODY(test_notify_unacquired),
        BODY(test_notify_all_unacquired),
        BODY(test_context_manager),
        BODY(test_explicit_lock),
        BODY(test_ambiguous_loops),
    };

    return cmocka_run_group_tests_name("ConditionTests", tests, NULL, NULL);
}
