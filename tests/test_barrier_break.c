/* Barrier: what CPython's test_locks.BarrierTests asks of asyncio.Barrier that is reset or aborted,
 * test by test; the others are in test_barrier.c. */
#include "tests/body.h"

enum { PARTIES = 5, HALF = PARTIES / 2 };

/* Tasks at a barrier. */
struct crew {
    struct sim_barrier *barrier;
    struct sim_barrier *meeting;
    int broken; /* how many got an error */
    int broken_again;
    int out;    /* how many passed it the first time */
    int second; /* the second time */
    int passed; /* the last time */
};

static void start(struct sim *sim, sim_body_fn body, struct crew *crew, struct sim_task **tasks,
                  int count)
{
    for (int i = 0; i < count; i++)
        tasks[i] = sim_task_new(sim, NULL, body, crew);
}

/* Start one for each party, and wait for all. */
static enum sim_status run_crew(struct sim *sim, sim_body_fn body, struct crew *crew)
{
    struct sim_task *tasks[PARTIES];

    start(sim, body, crew, tasks, PARTIES);
    return await_all(tasks, PARTIES);
}

static void expect_as_new(struct sim *sim, const struct sim_barrier *barrier)
{
    EXPECT(sim_barrier_n_waiting(barrier) == 0);
    EXPECT(sim_barrier_state(barrier) == SIM_BARRIER_FILLING);
}

static enum sim_status only_reset(struct sim *sim, void *arg)
{
    const struct crew *crew = arg;

    (void)sim;
    return sim_barrier_reset(crew->barrier);
}

static enum sim_status test_reset_barrier(struct sim *sim, void *arg)
{
    struct crew crew = {.barrier = sim_barrier_new(sim, NULL, 1)};
    struct sim_task *task = sim_task_new(sim, NULL, only_reset, &crew);

    (void)arg;
    SIM_TRY(sim_sleep(sim, 0));
    EXPECT(sim_done(task));
    expect_as_new(sim, crew.barrier);
    return SIM_OK;
}

/* Wait; a broken barrier is counted, and is no error. */
static enum sim_status wait_or_count(struct sim *sim, void *arg)
{
    struct crew *crew = arg;
    enum sim_status status = sim_barrier_wait(crew->barrier, NULL);

    (void)sim;
    if (status == SIM_BROKEN_BARRIER) {
        crew->broken++;
        return SIM_OK;
    }
    return status;
}

static enum sim_status test_reset_barrier_while_tasks_waiting(struct sim *sim, void *arg)
{
    struct crew crew = {.barrier = sim_barrier_new(sim, NULL, PARTIES)};
    struct sim_task *tasks[PARTIES];

    (void)arg;
    start(sim, wait_or_count, &crew, tasks, PARTIES - 1);
    SIM_TRY(sim_sleep(sim, 0));
    start(sim, only_reset, &crew, &tasks[PARTIES - 1], 1);
    SIM_TRY(await_all(tasks, PARTIES));
    EXPECT(crew.broken == PARTIES - 1);
    expect_as_new(sim, crew.barrier);
    return SIM_OK;
}

static enum sim_status reset_when_half_is_out(struct sim *sim, void *arg)
{
    struct crew *crew = arg;
    enum sim_status status = sim_barrier_wait(crew->barrier, NULL);

    (void)sim;
    if (status == SIM_BROKEN_BARRIER) {
        crew->broken++;
        return SIM_OK;
    }
    SIM_TRY(status);
    return ++crew->out == PARTIES - HALF ? sim_barrier_reset(crew->barrier) : SIM_OK;
}

static enum sim_status test_reset_barrier_when_tasks_half_draining(struct sim *sim, void *arg)
{
    struct crew crew = {.barrier = sim_barrier_new(sim, NULL, PARTIES)};

    (void)arg;
    SIM_TRY(run_crew(sim, reset_when_half_is_out, &crew));
    EXPECT(crew.out == PARTIES - HALF);
    EXPECT(crew.broken == HALF);
    expect_as_new(sim, crew.barrier);
    return SIM_OK;
}

/* Two leave and come back, to wait outside; the third resets: two are left inside. */
static enum sim_status reset_when_half_blocks(struct sim *sim, void *arg)
{
    struct crew *crew = arg;
    enum sim_status status = sim_barrier_wait(crew->barrier, NULL);

    (void)sim;
    if (status == SIM_BROKEN_BARRIER) {
        crew->broken++;
        return sim_barrier_wait(crew->barrier, NULL);
    }
    SIM_TRY(status);
    if (++crew->out > HALF) {
        SIM_TRY(sim_barrier_reset(crew->barrier));
        return sim_barrier_wait(crew->barrier, NULL);
    }
    status = sim_barrier_wait(crew->barrier, NULL);
    if (status != SIM_BROKEN_BARRIER)
        return status;
    crew->broken_again++;
    return SIM_OK;
}

static enum sim_status test_reset_barrier_when_tasks_half_draining_half_blocking(struct sim *sim,
                                                                                 void *arg)
{
    struct crew crew = {.barrier = sim_barrier_new(sim, NULL, PARTIES)};

    (void)arg;
    SIM_TRY(run_crew(sim, reset_when_half_blocks, &crew));
    EXPECT(crew.broken == HALF);
    EXPECT(crew.broken_again == 0);
    expect_as_new(sim, crew.barrier);
    return SIM_OK;
}

static enum sim_status wait_and_wait_again(struct sim *sim, void *arg)
{
    struct crew *crew = arg;

    SIM_TRY(wait_or_count(sim, crew));
    SIM_TRY(sim_barrier_wait(crew->barrier, NULL));
    crew->passed++;
    return SIM_OK;
}

static enum sim_status wait_and_count(struct sim *sim, void *arg)
{
    struct crew *crew = arg;

    (void)sim;
    SIM_TRY(sim_barrier_wait(crew->barrier, NULL));
    crew->passed++;
    return SIM_OK;
}

static enum sim_status test_reset_barrier_while_tasks_waiting_and_waiting_again(struct sim *sim,
                                                                                void *arg)
{
    struct crew crew = {.barrier = sim_barrier_new(sim, NULL, PARTIES)};
    struct sim_task *tasks[PARTIES + 1];

    (void)arg;
    start(sim, wait_and_wait_again, &crew, tasks, PARTIES - 1);
    start(sim, only_reset, &crew, &tasks[PARTIES - 1], 1);
    SIM_TRY(sim_sleep(sim, 0));
    start(sim, wait_and_count, &crew, &tasks[PARTIES], 1);
    SIM_TRY(await_all(tasks, PARTIES + 1));
    EXPECT(crew.broken == PARTIES - 1);
    EXPECT(crew.passed == PARTIES);
    expect_as_new(sim, crew.barrier);
    return SIM_OK;
}

/* The last one out resets a barrier that the others have come back to: nobody is inside. */
static enum sim_status reset_when_last(struct sim *sim, void *arg)
{
    struct crew *crew = arg;

    (void)sim;
    SIM_TRY(sim_barrier_wait(crew->barrier, NULL));
    if (++crew->out == PARTIES) {
        SIM_TRY(sim_barrier_reset(crew->barrier));
        SIM_TRY(sim_barrier_wait(crew->barrier, NULL));
    } else if (sim_barrier_wait(crew->barrier, NULL) == SIM_OK) {
        crew->second++;
    } else {
        crew->broken++;
    }
    SIM_TRY(sim_barrier_wait(crew->barrier, NULL));
    crew->passed++;
    return SIM_OK;
}

static enum sim_status test_reset_barrier_while_tasks_draining(struct sim *sim, void *arg)
{
    struct crew crew = {.barrier = sim_barrier_new(sim, NULL, PARTIES)};

    (void)arg;
    SIM_TRY(run_crew(sim, reset_when_last, &crew));
    EXPECT(crew.second == PARTIES - 1);
    EXPECT(crew.broken == 0);
    EXPECT(crew.passed == PARTIES);
    expect_as_new(sim, crew.barrier);
    return SIM_OK;
}

static enum sim_status only_abort(struct sim *sim, void *arg)
{
    const struct crew *crew = arg;

    (void)sim;
    return sim_barrier_abort(crew->barrier);
}

static enum sim_status test_abort_barrier(struct sim *sim, void *arg)
{
    struct crew crew = {.barrier = sim_barrier_new(sim, NULL, 1)};
    struct sim_task *task = sim_task_new(sim, NULL, only_abort, &crew);

    (void)arg;
    SIM_TRY(sim_sleep(sim, 0));
    EXPECT(sim_done(task));
    EXPECT(sim_barrier_n_waiting(crew.barrier) == 0);
    EXPECT(sim_barrier_broken(crew.barrier));
    return SIM_OK;
}

/* Two leave and come back, to wait outside; the third aborts: all four others get the error. */
static enum sim_status abort_when_half_blocks(struct sim *sim, void *arg)
{
    struct crew *crew = arg;
    enum sim_status status = sim_barrier_wait(crew->barrier, NULL);

    (void)sim;
    if (status == SIM_BROKEN_BARRIER) {
        crew->broken++;
        return SIM_OK;
    }
    SIM_TRY(status);
    if (++crew->out > HALF)
        return sim_barrier_abort(crew->barrier);
    status = sim_barrier_wait(crew->barrier, NULL);
    if (status != SIM_BROKEN_BARRIER)
        return status;
    crew->broken_again++;
    return SIM_OK;
}

static enum sim_status test_abort_barrier_when_tasks_half_draining_half_blocking(struct sim *sim,
                                                                                 void *arg)
{
    struct crew crew = {.barrier = sim_barrier_new(sim, NULL, PARTIES)};

    (void)arg;
    SIM_TRY(run_crew(sim, abort_when_half_blocks, &crew));
    EXPECT(sim_barrier_broken(crew.barrier));
    EXPECT(crew.broken == HALF);
    EXPECT(crew.broken_again == PARTIES - HALF - 1);
    EXPECT(sim_barrier_n_waiting(crew.barrier) == 0);
    EXPECT(sim_barrier_state(crew.barrier) == SIM_BARRIER_BROKEN);
    return SIM_OK;
}

/* One fails after the barrier, and aborts it for the others, who wait for him there. */
static enum sim_status one_fails(struct sim *sim, void *arg)
{
    struct crew *crew = arg;
    int index = -1;

    (void)sim;
    enum sim_status status = sim_barrier_wait(crew->barrier, &index);

    if (status == SIM_OK && index == HALF)
        return sim_barrier_abort(crew->barrier);
    if (status == SIM_OK)
        status = sim_barrier_wait(crew->barrier, NULL);
    if (status == SIM_OK)
        crew->passed++;
    else if (status == SIM_BROKEN_BARRIER)
        crew->broken++;
    return status == SIM_BROKEN_BARRIER ? SIM_OK : status;
}

static enum sim_status test_abort_barrier_when_exception(struct sim *sim, void *arg)
{
    struct crew crew = {.barrier = sim_barrier_new(sim, NULL, PARTIES)};

    (void)arg;
    SIM_TRY(run_crew(sim, one_fails, &crew));
    EXPECT(sim_barrier_broken(crew.barrier));
    EXPECT(crew.passed == 0);
    EXPECT(crew.broken == PARTIES - 1);
    EXPECT(sim_barrier_n_waiting(crew.barrier) == 0);
    return SIM_OK;
}

/* The same; then all meet elsewhere, so that nobody is inside when one resets it, and again, so
 * that nobody comes before. */
static enum sim_status one_fails_and_all_repair(struct sim *sim, void *arg)
{
    struct crew *crew = arg;
    int index = -1;

    SIM_TRY(one_fails(sim, crew));
    SIM_TRY(sim_barrier_wait(crew->meeting, &index));
    if (index == HALF)
        SIM_TRY(sim_barrier_reset(crew->barrier));
    SIM_TRY(sim_barrier_wait(crew->meeting, NULL));
    SIM_TRY(sim_barrier_wait(crew->barrier, NULL));
    crew->out++;
    return SIM_OK;
}

static enum sim_status test_abort_barrier_when_exception_then_resetting(struct sim *sim, void *arg)
{
    struct crew crew = {.barrier = sim_barrier_new(sim, NULL, PARTIES),
                        .meeting = sim_barrier_new(sim, NULL, PARTIES)};

    (void)arg;
    SIM_TRY(run_crew(sim, one_fails_and_all_repair, &crew));
    EXPECT(crew.passed == 0);
    EXPECT(crew.broken == PARTIES - 1);
    EXPECT(crew.out == PARTIES);
    expect_as_new(sim, crew.barrier);
    return SIM_OK;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        BODY(test_reset_barrier),
        BODY(test_reset_barrier_while_tasks_waiting),
        BODY(test_reset_barrier_when_tasks_half_draining),
        BODY(test_reset_barrier_when_tasks_half_draining_half_blocking),
        BODY(test_reset_barrier_while_tasks_waiting_and_waiting_again),
        BODY(test_reset_barrier_while_tasks_draining),
        BODY(test_abort_barrier),
        BODY(test_abort_barrier_when_tasks_half_draining_half_blocking),
        BODY(test_abort_barrier_when_exception),
        BODY(test_abort_barrier_when_exception_then_resetting),
    };

    return cmocka_run_group_tests_name("BarrierTests", tests, NULL, NULL);
}
