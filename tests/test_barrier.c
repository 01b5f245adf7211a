/* Barrier: what CPython's test_locks.BarrierTests asks of asyncio.Barrier that fills and drains,
 * test by test; resets and aborts are in test_barrier_break.c.
 *
 * Of test_barrier, that a barrier cannot be awaited has no counterpart in C; for what others ask of
 * repr(barrier) there is sim_barrier_state. */
#include "tests/body.h"

enum { PARTIES = 5, TASKS_MAX = 12 };

/* Tasks at a barrier. */
struct crew {
    struct sim_barrier *barrier;
    struct sim_barrier *other;
    int passed[2]; /* once; twice */
    int again;
    int indices; /* a bit each */
    bool draining[PARTIES];
};

static void start(struct sim *sim, sim_body_fn body, struct crew *crew, struct sim_task **tasks,
                  int count)
{
    for (int i = 0; i < count; i++)
        tasks[i] = sim_task_new(sim, NULL, body, crew);
}

/* Start so many, and wait for all. */
static enum sim_status run_crew(struct sim *sim, sim_body_fn body, struct crew *crew, int count)
{
    struct sim_task *tasks[TASKS_MAX];

    start(sim, body, crew, tasks, count);
    return await_all(tasks, count);
}

static void expect_empty(struct sim *sim, const struct sim_barrier *barrier)
{
    EXPECT(sim_barrier_n_waiting(barrier) == 0);
    EXPECT(!sim_barrier_broken(barrier));
    EXPECT(sim_barrier_state(barrier) == SIM_BARRIER_FILLING);
}

static enum sim_status wait_once(struct sim *sim, void *arg)
{
    struct crew *crew = arg;
    int index = -1;

    SIM_TRY(sim_barrier_wait(crew->barrier, &index));
    EXPECT(index >= 0 && index < sim_barrier_parties(crew->barrier));
    crew->indices |= 1 << index;
    crew->passed[0]++;
    return sim_return(sim, sim_int(index));
}

static enum sim_status test_barrier(struct sim *sim, void *arg)
{
    struct sim_barrier *barrier = sim_barrier_new(sim, NULL, PARTIES);

    (void)arg;
    EXPECT(sim_barrier_parties(barrier) == PARTIES);
    expect_empty(sim, barrier);
    return SIM_OK;
}

static enum sim_status test_repr(struct sim *sim, void *arg)
{
    struct crew crew = {.barrier = sim_barrier_new(sim, NULL, PARTIES)};
    struct sim_task *tasks[TASKS_MAX];

    (void)arg;
    EXPECT(sim_barrier_state(crew.barrier) == SIM_BARRIER_FILLING);
    start(sim, wait_once, &crew, &tasks[0], 2);
    SIM_TRY(sim_sleep(sim, 0));
    EXPECT(sim_barrier_n_waiting(crew.barrier) == 2);
    EXPECT(sim_barrier_state(crew.barrier) == SIM_BARRIER_FILLING);
    start(sim, wait_once, &crew, &tasks[2], PARTIES - 2);
    SIM_TRY(sim_sleep(sim, 0));
    EXPECT(sim_barrier_state(crew.barrier) == SIM_BARRIER_DRAINING);
    start(sim, wait_once, &crew, &tasks[PARTIES], 2);
    SIM_TRY(sim_sleep(sim, 0));
    SIM_TRY(sim_barrier_reset(crew.barrier));
    EXPECT(sim_barrier_state(crew.barrier) == SIM_BARRIER_RESETTING);
    start(sim, wait_once, &crew, &tasks[PARTIES + 2], 2);
    SIM_TRY(sim_sleep(sim, 0));
    SIM_TRY(sim_barrier_abort(crew.barrier));
    EXPECT(sim_barrier_state(crew.barrier) == SIM_BARRIER_BROKEN);
    EXPECT(sim_barrier_broken(crew.barrier));
    for (int i = 0; i < PARTIES + 4; i++) {
        enum sim_status status = sim_await(tasks[i], NULL);

        EXPECT(status == SIM_OK || status == SIM_BROKEN_BARRIER);
    }
    return SIM_OK;
}

static enum sim_status test_barrier_parties(struct sim *sim, void *arg)
{
    (void)arg;
    EXPECT(sim_barrier_new(sim, NULL, 0) == NULL);
    EXPECT(sim_exception_kind(sim_exception(sim)) == SIM_VALUE_ERROR);
    EXPECT(sim_barrier_new(sim, NULL, -4) == NULL);
    EXPECT(strcmp(sim_exception_message(sim_exception(sim)), "parties must be > 0") == 0);
    EXPECT(sim_barrier_new(sim, NULL, PARTIES) != NULL);
    return SIM_OK;
}

static enum sim_status test_context_manager(struct sim *sim, void *arg)
{
    struct crew crew = {.barrier = sim_barrier_new(sim, NULL, 3)};

    (void)arg;
    SIM_TRY(run_crew(sim, wait_once, &crew, 3));
    EXPECT(crew.passed[0] == 3);
    EXPECT(crew.indices == 7);
    expect_empty(sim, crew.barrier);
    return SIM_OK;
}

static enum sim_status test_filling_one_task(struct sim *sim, void *arg)
{
    struct crew crew = {.barrier = sim_barrier_new(sim, NULL, 1)};

    (void)arg;
    SIM_TRY(wait_once(sim, &crew));
    EXPECT(crew.passed[0] == 1);
    expect_empty(sim, crew.barrier);
    return SIM_OK;
}

static enum sim_status test_filling_one_task_twice(struct sim *sim, void *arg)
{
    struct crew crew = {.barrier = sim_barrier_new(sim, NULL, 1)};
    struct sim_task *tasks[2];
    struct sim_value indices[2];

    (void)arg;
    start(sim, wait_once, &crew, &tasks[0], 1);
    SIM_TRY(sim_sleep(sim, 0));
    EXPECT(sim_barrier_n_waiting(crew.barrier) == 0);
    start(sim, wait_once, &crew, &tasks[1], 1);
    SIM_TRY(sim_sleep(sim, 0));
    EXPECT(sim_done(tasks[0]) && sim_done(tasks[1]));
    SIM_TRY(sim_future_result(tasks[0], &indices[0]));
    SIM_TRY(sim_future_result(tasks[1], &indices[1]));
    EXPECT(indices[0].as.integer == 0 && indices[1].as.integer == 0);
    expect_empty(sim, crew.barrier);
    return SIM_OK;
}

static enum sim_status test_filling_task_by_task(struct sim *sim, void *arg)
{
    struct crew crew = {.barrier = sim_barrier_new(sim, NULL, 3)};
    struct sim_task *tasks[3];

    (void)arg;
    for (int i = 0; i < 2; i++) {
        start(sim, wait_once, &crew, &tasks[i], 1);
        SIM_TRY(sim_sleep(sim, 0));
        EXPECT(sim_barrier_n_waiting(crew.barrier) == i + 1);
        EXPECT(sim_barrier_state(crew.barrier) == SIM_BARRIER_FILLING);
    }
    start(sim, wait_once, &crew, &tasks[2], 1);
    SIM_TRY(sim_sleep(sim, 0));
    SIM_TRY(await_all(tasks, 3));
    expect_empty(sim, crew.barrier);
    return SIM_OK;
}

static enum sim_status wait_twice(struct sim *sim, void *arg)
{
    struct crew *crew = arg;
    int index = -1;

    SIM_TRY(sim_barrier_wait(crew->barrier, NULL));
    crew->passed[0]++;
    SIM_TRY(sim_barrier_wait(crew->barrier, &index));
    EXPECT(crew->passed[0] == PARTIES); /* all were let go once before any is let go twice */
    crew->passed[1]++;
    crew->indices |= 1 << index;
    return SIM_OK;
}

static enum sim_status test_filling_tasks_wait_twice(struct sim *sim, void *arg)
{
    struct crew crew = {.barrier = sim_barrier_new(sim, NULL, PARTIES)};

    (void)arg;
    SIM_TRY(run_crew(sim, wait_twice, &crew, PARTIES));
    EXPECT(crew.passed[0] == PARTIES);
    EXPECT(crew.passed[1] == PARTIES);
    expect_empty(sim, crew.barrier);
    return SIM_OK;
}

static enum sim_status test_filling_tasks_check_return_value(struct sim *sim, void *arg)
{
    struct crew crew = {.barrier = sim_barrier_new(sim, NULL, PARTIES)};

    (void)arg;
    SIM_TRY(run_crew(sim, wait_twice, &crew, PARTIES));
    EXPECT(crew.indices == (1 << PARTIES) - 1); /* each was somebody else */
    expect_empty(sim, crew.barrier);
    return SIM_OK;
}

static enum sim_status look_when_out(struct sim *sim, void *arg)
{
    struct crew *crew = arg;

    (void)sim;
    SIM_TRY(sim_barrier_wait(crew->barrier, NULL));
    crew->draining[crew->passed[0]++] = sim_barrier_state(crew->barrier) == SIM_BARRIER_DRAINING;
    return SIM_OK;
}

static enum sim_status test_draining_state(struct sim *sim, void *arg)
{
    struct crew crew = {.barrier = sim_barrier_new(sim, NULL, PARTIES)};

    (void)arg;
    SIM_TRY(run_crew(sim, look_when_out, &crew, PARTIES));
    EXPECT(crew.passed[0] == PARTIES);
    for (int i = 0; i < PARTIES - 1; i++)
        EXPECT(crew.draining[i]);
    EXPECT(!crew.draining[PARTIES - 1]); /* the last one shut the door */
    expect_empty(sim, crew.barrier);
    return SIM_OK;
}

/* The first two out come back at once; the others meet elsewhere, as many as they are, before. */
static enum sim_status come_back(struct sim *sim, void *arg)
{
    struct crew *crew = arg;

    (void)sim;
    SIM_TRY(sim_barrier_wait(crew->barrier, NULL));
    if (crew->again > 0) {
        crew->again--;
    } else {
        SIM_TRY(sim_barrier_wait(crew->other, NULL));
        crew->passed[1]++;
    }
    SIM_TRY(sim_barrier_wait(crew->barrier, NULL));
    crew->passed[0]++;
    return SIM_OK;
}

static enum sim_status test_blocking_tasks_while_draining(struct sim *sim, void *arg)
{
    struct crew crew = {.barrier = sim_barrier_new(sim, NULL, PARTIES),
                        .other = sim_barrier_new(sim, NULL, PARTIES - 2),
                        .again = 2};

    (void)arg;
    SIM_TRY(run_crew(sim, come_back, &crew, PARTIES));
    EXPECT(crew.passed[1] == PARTIES - 2);
    EXPECT(crew.passed[0] == PARTIES);
    expect_empty(sim, crew.barrier);
    return SIM_OK;
}

static enum sim_status test_filling_tasks_cancel_one(struct sim *sim, void *arg)
{
    struct crew crew = {.barrier = sim_barrier_new(sim, NULL, 3)};
    struct sim_task *tasks[4];

    (void)arg;
    for (int i = 0; i < 2; i++) {
        start(sim, wait_once, &crew, &tasks[i], 1);
        SIM_TRY(sim_sleep(sim, 0));
        EXPECT(sim_barrier_n_waiting(crew.barrier) == i + 1);
    }
    sim_cancel(tasks[0], NULL);
    SIM_TRY(sim_sleep(sim, 0));
    EXPECT(sim_barrier_n_waiting(crew.barrier) == 1);
    EXPECT(sim_await(tasks[0], NULL) == SIM_CANCELLED);
    EXPECT(sim_cancelled(tasks[0]));
    start(sim, wait_once, &crew, &tasks[2], 1);
    SIM_TRY(sim_sleep(sim, 0));
    EXPECT(sim_barrier_n_waiting(crew.barrier) == 2);
    start(sim, wait_once, &crew, &tasks[3], 1);
    SIM_TRY(await_all(&tasks[1], 3));
    EXPECT(crew.passed[0] == 3);
    expect_empty(sim, crew.barrier);
    return SIM_OK;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        BODY(test_barrier),
        BODY(test_repr),
        BODY(test_barrier_parties),
        BODY(test_context_manager),
        BODY(test_filling_one_task),
        BODY(test_filling_one_task_twice),
        BODY(test_filling_task_by_task),
        BODY(test_filling_tasks_wait_twice),
        BODY(test_filling_tasks_check_return_value),
        BODY(test_draining_state),
        BODY(test_blocking_tasks_while_draining),
        BODY(test_filling_tasks_cancel_one),
    };

    return cmocka_run_group_tests_name("BarrierTests", tests, NULL, NULL);
}
