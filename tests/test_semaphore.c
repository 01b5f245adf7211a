/* Semaphore: what CPython's test_locks.SemaphoreTests asks of asyncio.Semaphore, test by test.
 *
 * Of test_semaphore it leaves out that a semaphore cannot be awaited, which C's compiler refuses.
 *
 *   n/a test_repr: C has no repr
 */
#include "tests/body.h"

struct user {
    struct sim_semaphore *sem;
    struct notes *notes;
    char name;
};

static enum sim_status take(struct sim *sim, void *arg)
{
    const struct user *self = arg;

    (void)sim;
    SIM_TRY(sim_semaphore_acquire(self->sem));
    note(self->notes, self->name);
    return SIM_OK;
}

static void start(struct sim *sim, struct sim_semaphore *sem, struct notes *notes, int from, int to,
                  struct sim_task **tasks)
{
    for (int i = from; i < to; i++) {
        struct user *user = sim_alloc(sim, sizeof(*user));

        *user = (struct user){sem, notes, (char)('1' + i)};
        tasks[i] = sim_task_new(sim, NULL, take, user);
    }
}

static enum sim_status test_initial_value_zero(struct sim *sim, void *arg)
{
    (void)arg;
    EXPECT(sim_semaphore_locked(sim_semaphore_new(sim, NULL, 0)));
    return SIM_OK;
}

static enum sim_status test_semaphore(struct sim *sim, void *arg)
{
    struct sim_semaphore *sem = sim_semaphore_new(sim, NULL, 1);

    (void)arg;
    EXPECT(sim_semaphore_value(sem) == 1);
    EXPECT(!sim_semaphore_locked(sem));
    return SIM_OK;
}

static enum sim_status test_semaphore_value(struct sim *sim, void *arg)
{
    (void)arg;
    EXPECT(sim_semaphore_new(sim, NULL, -1) == NULL);
    EXPECT(sim_exception_kind(sim_exception(sim)) == SIM_VALUE_ERROR);
    EXPECT(strcmp(sim_exception_message(sim_exception(sim)),
                  "Semaphore initial value must be >= 0") == 0);
    return SIM_OK;
}

static enum sim_status test_acquire(struct sim *sim, void *arg)
{
    struct notes notes = {0};
    struct sim_semaphore *sem = sim_semaphore_new(sim, NULL, 3);
    struct sim_task *tasks[4];

    (void)arg;
    SIM_TRY(sim_semaphore_acquire(sem));
    SIM_TRY(sim_semaphore_acquire(sem));
    EXPECT(!sim_semaphore_locked(sem));
    start(sim, sem, &notes, 0, 3, tasks);
    SIM_TRY(sim_sleep(sim, 0));
    EXPECT(noted(&notes, "1"));
    EXPECT(sim_semaphore_locked(sem));
    EXPECT(sim_semaphore_value(sem) == 0);
    start(sim, sem, &notes, 3, 4, tasks);
    SIM_TRY(sim_semaphore_release(sem));
    SIM_TRY(sim_semaphore_release(sem));
    EXPECT(sim_semaphore_value(sem) == 0);
    SIM_TRY(sim_sleep(sim, 0));
    EXPECT(sim_semaphore_value(sem) == 0);
    EXPECT(noted(&notes, "123"));
    EXPECT(sim_semaphore_locked(sem));
    EXPECT(sim_done(tasks[0]));
    EXPECT(sim_done(tasks[1]) + sim_done(tasks[2]) + sim_done(tasks[3]) == 2);
    SIM_TRY(sim_semaphore_release(sem));
    return await_all(tasks, 4);
}

static enum sim_status test_acquire_cancel(struct sim *sim, void *arg)
{
    struct notes notes = {0};
    struct sim_semaphore *sem = sim_semaphore_new(sim, NULL, 1);
    struct sim_task *task = NULL;

    (void)arg;
    SIM_TRY(sim_semaphore_acquire(sem));
    start(sim, sem, &notes, 0, 1, &task);
    cancel_soon(sim, task);
    EXPECT(sim_await(task, NULL) == SIM_CANCELLED);
    /* Nobody waits any more: the permit is free when it is given back. */
    SIM_TRY(sim_semaphore_release(sem));
    EXPECT(sim_semaphore_value(sem) == 1);
    EXPECT(!sim_semaphore_locked(sem));
    return SIM_OK;
}

static enum sim_status test_acquire_cancel_before_awoken(struct sim *sim, void *arg)
{
    struct notes notes = {0};
    struct sim_semaphore *sem = sim_semaphore_new(sim, NULL, 0);
    struct sim_task *tasks[4];

    (void)arg;
    start(sim, sem, &notes, 0, 4, tasks);
    SIM_TRY(sim_sleep(sim, 0));
    sim_cancel(tasks[0], NULL);
    sim_cancel(tasks[1], NULL);
    SIM_TRY(sim_semaphore_release(sem));
    SIM_TRY(sim_sleep(sim, 0));
    SIM_TRY(sim_sleep(sim, 0));
    EXPECT(sim_done(tasks[2]));
    EXPECT(!sim_done(tasks[3]));
    EXPECT(noted(&notes, "3"));
    sim_cancel(tasks[2], NULL);
    sim_cancel(tasks[3], NULL);
    return sim_sleep(sim, 0);
}

static enum sim_status test_acquire_hang(struct sim *sim, void *arg)
{
    struct notes notes = {0};
    struct sim_semaphore *sem = sim_semaphore_new(sim, NULL, 0);
    struct sim_task *tasks[2];

    (void)arg;
    start(sim, sem, &notes, 0, 2, tasks);
    SIM_TRY(sim_sleep(sim, 0));
    sim_cancel(tasks[0], NULL);
    SIM_TRY(sim_semaphore_release(sem));
    SIM_TRY(sim_sleep(sim, 0));
    SIM_TRY(sim_sleep(sim, 0));
    EXPECT(sim_semaphore_locked(sem));
    EXPECT(sim_done(tasks[1]));
    EXPECT(noted(&notes, "2"));
    return SIM_OK;
}

struct pair {
    struct sim_semaphore *sem;
    struct sim_task *second;
};

static enum sim_status give_way(struct sim *sim, void *arg)
{
    (void)arg;
    return sim_sleep(sim, 0);
}

static enum sim_status hold_then_cancel_other(struct sim *sim, void *arg)
{
    const struct pair *pair = arg;

    SIM_TRY(sim_semaphore_with(pair->sem, give_way, NULL));
    (void)sim;
    sim_cancel(pair->second, NULL);
    return SIM_OK;
}

static enum sim_status never_runs(struct sim *sim, void *arg)
{
    EXPECT(arg == NULL && "a task that was cancelled got a permit");
    return SIM_OK;
}

static enum sim_status hold_never(struct sim *sim, void *arg)
{
    const struct pair *pair = arg;

    (void)sim;
    return sim_semaphore_with(pair->sem, never_runs, arg);
}

static enum sim_status take_permit(struct sim *sim, void *sem)
{
    (void)sim;
    return sim_semaphore_acquire(sem);
}

static enum sim_status test_acquire_no_hang(struct sim *sim, void *arg)
{
    struct pair pair = {.sem = sim_semaphore_new(sim, NULL, 1)};
    struct sim_value results;

    (void)arg;
    struct sim_task *first = sim_task_new(sim, NULL, hold_then_cancel_other, &pair);
    pair.second = sim_task_new(sim, NULL, hold_never, &pair);
    struct sim_future *both[] = {SIM_FUTURE(first), SIM_FUTURE(pair.second)};

    SIM_TRY(sim_await(sim_gather(sim, both, 2, true), &results));
    EXPECT(results.as.items[0].type == SIM_NONE);
    EXPECT(results.as.items[1].type == SIM_EXC);
    EXPECT(sim_exception_kind(results.as.items[1].as.exception) == SIM_CANCELLED);
    EXPECT(sim_wait_for_call(sim, take_permit, pair.sem, SIM_SECOND) == SIM_OK);
    return SIM_OK;
}

static enum sim_status test_release_not_acquired(struct sim *sim, void *arg)
{
    struct sim_semaphore *sem = sim_bounded_semaphore_new(sim, NULL, 1);

    (void)arg;
    EXPECT(sim_semaphore_release(sem) == SIM_VALUE_ERROR);
    EXPECT(sim_semaphore_value(sem) == 1);
    return SIM_OK;
}

static enum sim_status test_release_no_waiters(struct sim *sim, void *arg)
{
    struct sim_semaphore *sem = sim_semaphore_new(sim, NULL, 1);

    (void)arg;
    SIM_TRY(sim_semaphore_acquire(sem));
    EXPECT(sim_semaphore_locked(sem));
    SIM_TRY(sim_semaphore_release(sem));
    EXPECT(!sim_semaphore_locked(sem));
    return SIM_OK;
}

static enum sim_status hold_twice(struct sim *sim, void *arg)
{
    const struct user *self = arg;

    for (int i = 0; i < 2; i++) {
        SIM_TRY(sim_semaphore_acquire(self->sem));
        note(self->notes, (char)(self->name + (i == 0 ? 0 : 'A' - 'a')));
        SIM_TRY(sim_sleep(sim, 10 * SIM_MS));
        SIM_TRY(sim_semaphore_release(self->sem));
    }
    return SIM_OK;
}

static enum sim_status test_acquire_fifo_order(struct sim *sim, void *arg)
{
    struct notes notes = {0};
    struct sim_semaphore *sem = sim_semaphore_new(sim, NULL, 1);
    struct user users[] = {{sem, &notes, 'a'}, {sem, &notes, 'b'}, {sem, &notes, 'c'}};
    struct sim_task *tasks[3];

    (void)arg;
    for (int i = 0; i < 3; i++)
        tasks[i] = sim_task_new(sim, NULL, hold_twice, &users[i]);
    SIM_TRY(await_all(tasks, 3));
    EXPECT(noted(&notes, "abcABC"));
    return SIM_OK;
}

static enum sim_status take_give_take(struct sim *sim, void *arg)
{
    const struct user *self = arg;

    SIM_TRY(take(sim, arg));
    SIM_TRY(sim_semaphore_release(self->sem));
    SIM_TRY(sim_semaphore_acquire(self->sem));
    note(self->notes, '4');
    return SIM_OK;
}

static enum sim_status test_acquire_fifo_order_2(struct sim *sim, void *arg)
{
    struct notes notes = {0};
    struct sim_semaphore *sem = sim_semaphore_new(sim, NULL, 1);
    struct user users[] = {{sem, &notes, '1'}, {sem, &notes, '2'}, {sem, &notes, '3'}};
    struct sim_task *tasks[] = {sim_task_new(sim, NULL, take, &users[0]),
                                sim_task_new(sim, NULL, take_give_take, &users[1]),
                                sim_task_new(sim, NULL, take, &users[2])};

    (void)arg;
    SIM_TRY(sim_sleep(sim, 0));
    SIM_TRY(sim_semaphore_release(sem));
    SIM_TRY(sim_semaphore_release(sem));
    SIM_TRY(await_all(tasks, 3));
    EXPECT(noted(&notes, "1234"));
    return SIM_OK;
}

static enum sim_status test_acquire_fifo_order_3(struct sim *sim, void *arg)
{
    struct notes notes = {0};
    struct sim_semaphore *sem = sim_semaphore_new(sim, NULL, 0);
    struct sim_task *tasks[3];

    (void)arg;
    start(sim, sem, &notes, 0, 3, tasks);
    SIM_TRY(sim_sleep(sim, 0));
    sim_cancel(tasks[0], NULL);
    SIM_TRY(sim_sleep(sim, 0));
    SIM_TRY(sim_semaphore_release(sem));
    SIM_TRY(sim_semaphore_release(sem));
    EXPECT(sim_await(tasks[0], NULL) == SIM_CANCELLED);
    SIM_TRY(await_all(&tasks[1], 2));
    EXPECT(noted(&notes, "23"));
    return SIM_OK;
}

struct story {
    struct user user; /* first: who only takes is a user */
    struct sim_task *fourth;
};

static enum sim_status only_note(struct sim *sim, void *arg)
{
    struct story *story = arg;

    (void)sim;
    note(story->user.notes, '4');
    return SIM_OK;
}

static enum sim_status wait_then_start_another(struct sim *sim, void *arg)
{
    struct story *story = arg;
    struct sim_semaphore *sem = story->user.sem;

    EXPECT(sim_semaphore_value(sem) == 0);
    SIM_TRY(sim_semaphore_acquire(sem));
    /* Whoever waited is on his way by now, before the new task. */
    EXPECT(sim_semaphore_value(sem) == 0);
    story->fourth = sim_task_new(sim, NULL, only_note, story);
    note(story->user.notes, '1');
    return SIM_OK;
}

static enum sim_status give_three_then_take(struct sim *sim, void *arg)
{
    const struct user *self = arg;

    for (int i = 0; i < 3; i++)
        SIM_TRY(sim_semaphore_release(self->sem));
    EXPECT(sim_semaphore_value(self->sem) == 2);
    /* Locked, because the first has not run yet. */
    EXPECT(sim_semaphore_locked(self->sem));
    return take(sim, arg);
}

static enum sim_status test_acquire_fifo_order_4(struct sim *sim, void *arg)
{
    struct notes notes = {0};
    struct sim_semaphore *sem = sim_semaphore_new(sim, NULL, 0);
    struct story story = {.user = {sem, &notes, '1'}};
    struct user users[] = {{sem, &notes, '2'}, {sem, &notes, '3'}};
    struct sim_task *tasks[] = {sim_task_new(sim, NULL, wait_then_start_another, &story),
                                sim_task_new(sim, NULL, give_three_then_take, &users[0]),
                                sim_task_new(sim, NULL, take, &users[1])};

    (void)arg;
    SIM_TRY(sim_sleep(sim, 0));
    EXPECT(sim_semaphore_value(sem) == 2);
    EXPECT(noted(&notes, ""));
    SIM_TRY(sim_sleep(sim, 0));
    SIM_TRY(await_all(tasks, 3));
    SIM_TRY(sim_await(story.fourth, NULL));
    EXPECT(noted(&notes, "1234"));
    return SIM_OK;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        BODY(test_initial_value_zero),   BODY(test_semaphore),
        BODY(test_semaphore_value),      BODY(test_acquire),
        BODY(test_acquire_cancel),       BODY(test_acquire_cancel_before_awoken),
        BODY(test_acquire_hang),         BODY(test_acquire_no_hang),
        BODY(test_release_not_acquired), BODY(test_release_no_waiters),
        BODY(test_acquire_fifo_order),   BODY(test_acquire_fifo_order_2),
        BODY(test_acquire_fifo_order_3), BODY(test_acquire_fifo_order_4),
    };

    return cmocka_run_group_tests_name("SemaphoreTests", tests, NULL, NULL);
}
