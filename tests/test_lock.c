/* Lock: what CPython's test_locks.LockTests asks of asyncio.Lock, test by test.
 *
 *   n/a test_repr: C has no repr
 *   n/a test_lock: C's compiler does not let a lock be awaited
 *   n/a test_lock_by_with_statement: C's compiler does not let a lock be awaited
 *   n/a test_lock_doesnt_accept_loop_parameter: C's functions have no optional parameters
 */
#include "tests/body.h"

struct user {
    struct sim_lock *lock;
    struct notes *notes;
    struct sim_future *blocker; /* awaited while the lock is held; NULL: nothing is */
    char name;
};

static enum sim_status take(struct sim *sim, void *arg)
{
    const struct user *self = arg;

    (void)sim;
    SIM_TRY(sim_lock_acquire(self->lock));
    note(self->notes, self->name);
    return SIM_OK;
}

static enum sim_status test_acquire(struct sim *sim, void *arg)
{
    struct notes notes = {0};
    struct sim_lock *lock = sim_lock_new(sim, NULL);
    struct user users[] = {
        {lock, &notes, NULL, '1'}, {lock, &notes, NULL, '2'}, {lock, &notes, NULL, '3'}};
    struct sim_task *tasks[3];

    (void)arg;
    SIM_TRY(sim_lock_acquire(lock));
    tasks[0] = sim_task_new(sim, NULL, take, &users[0]);
    tasks[1] = sim_task_new(sim, NULL, take, &users[1]);
    SIM_TRY(sim_sleep(sim, 0));
    EXPECT(noted(&notes, ""));
    SIM_TRY(sim_lock_release(lock));
    SIM_TRY(sim_sleep(sim, 0));
    EXPECT(noted(&notes, "1"));
    SIM_TRY(sim_sleep(sim, 0));
    EXPECT(noted(&notes, "1"));
    tasks[2] = sim_task_new(sim, NULL, take, &users[2]);
    SIM_TRY(sim_lock_release(lock));
    SIM_TRY(sim_sleep(sim, 0));
    EXPECT(noted(&notes, "12"));
    SIM_TRY(sim_lock_release(lock));
    SIM_TRY(sim_sleep(sim, 0));
    EXPECT(noted(&notes, "123"));
    for (int i = 0; i < 3; i++) {
        EXPECT(sim_done(tasks[i]));
        EXPECT(sim_future_result(tasks[i], NULL) == SIM_OK);
    }
    return SIM_OK;
}

static enum sim_status test_acquire_cancel(struct sim *sim, void *arg)
{
    struct notes notes = {0};
    struct user user = {sim_lock_new(sim, NULL), &notes, NULL, '1'};

    (void)arg;
    SIM_TRY(sim_lock_acquire(user.lock));
    struct sim_task *task = sim_task_new(sim, NULL, take, &user);
    cancel_soon(sim, task);
    EXPECT(sim_await(task, NULL) == SIM_CANCELLED);
    /* Nobody waits any more: the lock stays free when it is given up. */
    SIM_TRY(sim_lock_release(user.lock));
    SIM_TRY(sim_sleep(sim, 0));
    EXPECT(!sim_lock_locked(user.lock));
    EXPECT(noted(&notes, ""));
    return SIM_OK;
}

static enum sim_status block(struct sim *sim, void *arg)
{
    const struct user *self = arg;

    (void)sim;
    note(self->notes, self->name);
    return self->blocker == NULL ? SIM_OK : sim_await(self->blocker, NULL);
}

static enum sim_status hold(struct sim *sim, void *arg)
{
    struct user *self = arg;

    (void)sim;
    return sim_lock_with(self->lock, block, self);
}

/* B is cancelled, and A gives the lock up, before either can run: C must get it. */
static enum sim_status test_cancel_race(struct sim *sim, void *arg)
{
    struct notes notes = {0};
    struct sim_lock *lock = sim_lock_new(sim, NULL);
    struct sim_future *blocker = sim_future_new(sim, NULL);
    struct user a = {lock, &notes, blocker, 'A'};
    struct user b = {lock, &notes, NULL, 'B'};
    struct user c = {lock, &notes, NULL, 'C'};

    (void)arg;
    struct sim_task *holder = sim_task_new(sim, "A", hold, &a);
    SIM_TRY(sim_sleep(sim, 0));
    EXPECT(sim_lock_locked(lock));
    struct sim_task *cancelled = sim_task_new(sim, "B", hold, &b);
    SIM_TRY(sim_sleep(sim, 0));
    struct sim_task *next = sim_task_new(sim, "C", hold, &c);
    SIM_TRY(sim_sleep(sim, 0));
    SIM_TRY(sim_future_set_result(blocker, sim_none()));
    sim_cancel(cancelled, NULL);
    SIM_TRY(sim_sleep(sim, 0));
    EXPECT(!sim_lock_locked(lock));
    EXPECT(sim_done(holder));
    EXPECT(sim_cancelled(cancelled));
    SIM_TRY(sim_await(next, NULL));
    EXPECT(noted(&notes, "AC"));
    return SIM_OK;
}

struct race {
    struct sim_lock *lock;
    struct sim_task *first;
    int calls;
    int taken;
};

static enum sim_status count_take(struct sim *sim, void *arg)
{
    struct race *race = arg;

    (void)sim;
    race->calls++;
    SIM_TRY(sim_lock_acquire(race->lock));
    race->taken++;
    return SIM_OK;
}

static void cancel_and_release(struct sim *sim, void *arg)
{
    const struct race *race = arg;

    sim_cancel(race->first, NULL);
    EXPECT(sim_lock_release(race->lock) == SIM_OK);
}

/* A cancellation and a release in one turn must not let two in. */
static enum sim_status test_cancel_release_race(struct sim *sim, void *arg)
{
    struct race race = {.lock = sim_lock_new(sim, NULL)};

    (void)arg;
    SIM_TRY(sim_lock_acquire(race.lock));
    race.first = sim_task_new(sim, NULL, count_take, &race);
    struct sim_task *second = sim_task_new(sim, NULL, count_take, &race);
    struct sim_task *third = sim_task_new(sim, NULL, count_take, &race);
    SIM_TRY(sim_sleep(sim, 0));
    (void)sim_call_soon(sim, cancel_and_release, &race);
    EXPECT(sim_await(race.first, NULL) == SIM_CANCELLED);
    EXPECT(race.taken == 1);
    EXPECT(race.calls == 3);
    EXPECT(sim_cancelled(race.first));
    EXPECT(sim_done(second));
    sim_cancel(third, NULL);
    SIM_TRY(sim_sleep(sim, 0));
    EXPECT(sim_cancelled(third));
    return SIM_OK;
}

static enum sim_status test_finished_waiter_cancelled(struct sim *sim, void *arg)
{
    struct notes notes = {0};
    struct sim_lock *lock = sim_lock_new(sim, NULL);
    struct user users[] = {{lock, &notes, NULL, 'B'}, {lock, &notes, NULL, 'C'}};

    (void)arg;
    SIM_TRY(sim_lock_acquire(lock));
    EXPECT(sim_lock_locked(lock));
    struct sim_task *cancelled = sim_task_new(sim, NULL, take, &users[0]);
    SIM_TRY(sim_sleep(sim, 0));
    struct sim_task *next = sim_task_new(sim, NULL, take, &users[1]);
    sim_cancel(cancelled, NULL);
    SIM_TRY(sim_lock_release(lock));
    SIM_TRY(sim_sleep(sim, 0));
    EXPECT(sim_lock_locked(lock));
    EXPECT(sim_cancelled(cancelled));
    SIM_TRY(sim_await(next, NULL));
    EXPECT(noted(&notes, "C"));
    return SIM_OK;
}

static enum sim_status test_release_not_acquired(struct sim *sim, void *arg)
{
    struct sim_lock *lock = sim_lock_new(sim, NULL);

    (void)arg;
    EXPECT(sim_lock_release(lock) == SIM_RUNTIME_ERROR);
    EXPECT(!sim_lock_locked(lock));
    return SIM_OK;
}

static enum sim_status test_release_no_waiters(struct sim *sim, void *arg)
{
    struct sim_lock *lock = sim_lock_new(sim, NULL);

    (void)arg;
    SIM_TRY(sim_lock_acquire(lock));
    EXPECT(sim_lock_locked(lock));
    SIM_TRY(sim_lock_release(lock));
    EXPECT(!sim_lock_locked(lock));
    return SIM_OK;
}

static enum sim_status expect_locked(struct sim *sim, void *arg)
{
    EXPECT(sim_lock_locked(arg));
    return SIM_OK;
}

static enum sim_status test_context_manager(struct sim *sim, void *arg)
{
    struct sim_lock *lock = sim_lock_new(sim, NULL);

    (void)arg;
    EXPECT(!sim_lock_locked(lock));
    SIM_TRY(sim_lock_with(lock, expect_locked, lock));
    EXPECT(!sim_lock_locked(lock));
    return SIM_OK;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        BODY(test_acquire),
        BODY(test_acquire_cancel),
        BODY(test_cancel_race),
        BODY(test_cancel_release_race),
        BODY(test_finished_waiter_cancelled),
        BODY(test_release_not_acquired),
        BODY(test_release_no_waiters),
        BODY(test_context_manager),
    };

    return cmocka_run_group_tests_name("LockTests", tests, NULL, NULL);
}
