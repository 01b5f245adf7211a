/* sleep: what CPython's test_tasks.BaseTaskTests and SleepTests ask of asyncio.sleep, test by test;
 * the other tests of the former are named in test_task.c.
 *
 * A sleep here gives nothing: who sleeps has what it will return afterwards.
 *
 *   n/a test_sleep_when_delay_is_nan: delays are whole numbers
 */
#include "tests/task_bodies.h"

#include "sim/core/loop_state.h"

/* Sleeps twice for half of its delay. */
static enum sim_status sleep_by_halves(struct sim *sim, void *delay)
{
    int64_t half = *(const int64_t *)delay / 2;

    SIM_TRY(sim_sleep(sim, half));
    EXPECT(sim_now(sim) == half);
    SIM_TRY(sim_sleep(sim, half));
    return sim_return(sim, sim_str("yeah"));
}

static enum sim_status test_sleep(struct sim *sim, void *arg)
{
    int64_t delay = 100 * SIM_MS;
    struct sim_task *task = sim_task_new(sim, NULL, sleep_by_halves, &delay);
    struct sim_value value = sim_none();

    (void)arg;
    SIM_TRY(sim_await(task, &value));
    EXPECT(sim_done(task));
    EXPECT(is_str(value, "yeah"));
    EXPECT(sim_now(sim) == delay);
    return SIM_OK;
}

static enum sim_status test_sleep_cancel(struct sim *sim, void *arg)
{
    struct sim_task *task = start_sleeper(sim, 10 * SIM_SECOND, 1);
    struct timers *timers = &sim_running_loop(sim)->timers;

    (void)arg;
    SIM_TRY(sim_sleep(sim, 0));
    EXPECT(timers_first(timers) != NULL && timers_first(timers)->when_ns == 10 * SIM_SECOND);
    EXPECT(sim_cancel(task, NULL));
    SIM_TRY(sim_sleep(sim, 0));
    EXPECT(timers_first(timers) == NULL);
    return SIM_OK;
}

static enum sim_status cancel_sleeper(struct sim *sim, void *arg)
{
    struct sim_task *sleeper = start_sleeper(sim, 5000 * SIM_SECOND, 1);

    (void)arg;
    (void)sim_call_later(sim, 100 * SIM_MS, cancel_now, sleeper);
    if (sim_await(sleeper, NULL) == SIM_CANCELLED)
        return sim_return(sim, sim_str("cancelled"));
    return sim_return(sim, sim_str("slept in"));
}

static enum sim_status test_task_cancel_sleeping_task(struct sim *sim, void *arg)
{
    struct sim_value value = sim_none();

    SIM_TRY(sim_call(sim, cancel_sleeper, arg, &value));
    EXPECT(is_str(value, "cancelled"));
    EXPECT(sim_now(sim) == 100 * SIM_MS);
    return SIM_OK;
}

static void add_one(struct sim *sim, void *sum)
{
    (void)sim;
    ++*(int *)sum;
}

/* A sleep of 0 lets what is ready run, once. */
static enum sim_status test_sleep_zero(struct sim *sim, void *arg)
{
    int sum = 0;

    (void)arg;
    (void)sim_call_soon(sim, add_one, &sum);
    EXPECT(sum == 0);
    SIM_TRY(sim_sleep(sim, 0));
    EXPECT(sum == 1);
    EXPECT(sim_now(sim) == 0);
    return SIM_OK;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        NAMED_BODY("BaseTaskTests.test_sleep", test_sleep, 0),
        NAMED_BODY("BaseTaskTests.test_sleep_cancel", test_sleep_cancel, 0),
        NAMED_BODY("BaseTaskTests.test_task_cancel_sleeping_task", test_task_cancel_sleeping_task,
                   0),
        NAMED_BODY("SleepTests.test_sleep_zero", test_sleep_zero, 0),
    };

    return cmocka_run_group_tests_name("BaseTaskTests, SleepTests", tests, NULL, NULL);
}
