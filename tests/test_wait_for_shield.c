/* wait_for: what CPython's test_waitfor.WaitForShieldTests asks of asyncio.wait_for of what is
 * shielded, test by test; the other class of that file is in test_wait_for.c. */
#include "tests/body.h"

static enum sim_status sleep_and_return(struct sim *sim, void *arg)
{
    const int64_t *delay_ns = arg;

    SIM_TRY(sim_sleep(sim, *delay_ns));
    return sim_return(sim, sim_str("done"));
}

static void expect_done(struct sim *sim, struct sim_task *task)
{
    struct sim_value value = sim_none();

    EXPECT(sim_await(task, &value) == SIM_OK);
    EXPECT(value.type == SIM_STR && strcmp(value.as.string, "done") == 0);
}

/* The shield is cancelled at once, and what it shields begins all the same. */
static enum sim_status test_zero_timeout(struct sim *sim, void *arg)
{
    int64_t delay_ns = 10 * SIM_MS;
    struct sim_task *task = sim_task_new(sim, NULL, sleep_and_return, &delay_ns);
    struct sim_future *shield = sim_shield(task);

    (void)arg;
    EXPECT(sim_wait_for(shield, 0, NULL) == SIM_TIMEOUT);
    EXPECT(!sim_done(task));
    EXPECT(!sim_cancelled(task));
    EXPECT(sim_cancelled(shield));
    SIM_TRY(sim_sleep(sim, 100 * SIM_MS));
    EXPECT(sim_done(task));
    expect_done(sim, task);
    return SIM_OK;
}

static enum sim_status test_none_timeout(struct sim *sim, void *arg)
{
    int64_t delay_ns = 100 * SIM_MS;
    struct sim_task *task = sim_task_new(sim, NULL, sleep_and_return, &delay_ns);

    (void)arg;
    SIM_TRY(sim_wait_for(sim_shield(task), -1, NULL));
    EXPECT(sim_done(task));
    expect_done(sim, task);
    return SIM_OK;
}

static enum sim_status test_shielded_timeout(struct sim *sim, void *arg)
{
    int64_t delay_ns = 100 * SIM_MS;
    struct sim_task *task = sim_task_new(sim, NULL, sleep_and_return, &delay_ns);

    (void)arg;
    EXPECT(sim_wait_for(sim_shield(task), 10 * SIM_MS, NULL) == SIM_TIMEOUT);
    EXPECT(sim_now(sim) == 10 * SIM_MS);
    EXPECT(!sim_done(task));
    EXPECT(!sim_cancelled(task));
    expect_done(sim, task);
    return SIM_OK;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        BODY(test_zero_timeout),
        BODY(test_none_timeout),
        BODY(test_shielded_timeout),
    };

    return cmocka_run_group_tests_name("WaitForShieldTests", tests, NULL, NULL);
}
