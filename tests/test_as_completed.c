/* as_completed: what CPython's test_tasks.BaseTaskTests asks of asyncio.as_completed, test by test;
 * the others are named in test_task.c.
 *
 * Like there, most are done twice: with the futures themselves (async for), and with their results,
 * which are awaited one by one (for).  What is given are tasks: there are no other coroutines that
 * as_completed would make tasks of.
 *
 *   n/a test_as_completed_invalid_args: the compiler refuses what is no list of futures
 */
#include "tests/task_bodies.h"

#include "sim/core/loop_state.h"

enum { FUTURES_MAX = 4 };

/* What is given to as_completed, what it gave, and how that ended. */
struct round {
    struct sim_future *futures[FUTURES_MAX];
    size_t count;
    int64_t timeout_ns;
    bool results; /* instead of futures */
    struct sim_as_completed *completed;
    struct sim_value values[FUTURES_MAX];
    size_t value_count;
};

static enum sim_status take_one(struct round *round, struct sim_value *value)
{
    struct sim_future *future = NULL;

    if (round->results)
        return sim_as_completed_result(round->completed, value);
    SIM_TRY(sim_as_completed_next(round->completed, &future));
    return sim_future_result(future, value);
}

/* Returns: SIM_OK when so many were taken; why there are no more. */
static enum sim_status take(struct round *round, size_t count)
{
    while (count-- > 0) {
        struct sim_value value = sim_none();

        SIM_TRY(take_one(round, &value));
        if (round->value_count < FUTURES_MAX)
            round->values[round->value_count++] = value;
    }
    return SIM_OK;
}

static void begin(struct sim *sim, struct round *round)
{
    round->completed = sim_as_completed(sim, round->futures, round->count, round->timeout_ns);
}

/* As begin, and take all that there are. */
static void expect_all(struct sim *sim, struct round *round)
{
    begin(sim, round);
    EXPECT(take(round, FUTURES_MAX + 1) == SIM_STOP_ASYNC_ITERATION);
}

static bool has(const struct round *round, int64_t number)
{
    for (size_t i = 0; i < round->value_count; i++)
        if (is_int(round->values[i], number))
            return true;
    return false;
}

/* One task, which sleeps and returns a number. */
static struct sim_future *sleeper(struct sim *sim, int64_t delay_ns, int64_t number)
{
    return SIM_FUTURE(start_sleeper(sim, delay_ns, number));
}

/* Do it in both ways. */
static enum sim_status both_ways(struct sim *sim,
                                 enum sim_status (*once)(struct sim *sim, bool results))
{
    SIM_TRY(once(sim, false));
    return once(sim, true);
}

static enum sim_status three_sleepers(struct sim *sim, bool results)
{
    int64_t begun = sim_now(sim);
    struct sim_future *a = sleeper(sim, 10 * SIM_MS, 'a');
    struct sim_future *b = sleeper(sim, 10 * SIM_MS, 'b');
    struct sim_future *c = sleeper(sim, 150 * SIM_MS, 'c');
    struct round round = {.futures = {b, c, a}, .count = 3, .timeout_ns = -1, .results = results};

    begin(sim, &round);
    SIM_TRY(take(&round, 2));
    EXPECT(has(&round, 'a') && has(&round, 'b'));
    EXPECT(sim_now(sim) - begun == 10 * SIM_MS);
    SIM_TRY(take(&round, 1));
    EXPECT(has(&round, 'c'));
    EXPECT(sim_now(sim) - begun == 150 * SIM_MS);
    EXPECT(take(&round, 1) == SIM_STOP_ASYNC_ITERATION);
    return SIM_OK;
}

static enum sim_status test_as_completed(struct sim *sim, void *arg)
{
    (void)arg;
    return both_ways(sim, three_sleepers);
}

static enum sim_status test_as_completed_same_tasks_in_as_out(struct sim *sim, void *arg)
{
    struct sim_future *futures[FUTURES_MAX];
    bool came_out[FUTURES_MAX] = {false};
    struct sim_future *out = NULL;

    (void)arg;
    for (int i = 0; i < FUTURES_MAX; i++)
        futures[i] = sleeper(sim, 0, i);
    struct sim_as_completed *completed = sim_as_completed(sim, futures, FUTURES_MAX, -1);

    while (sim_as_completed_next(completed, &out) == SIM_OK) {
        int found = 0;

        for (int i = 0; i < FUTURES_MAX; i++) {
            if (out != futures[i])
                continue;
            EXPECT(!came_out[i]);
            came_out[i] = true;
            found++;
        }
        EXPECT(found == 1);
    }
    for (int i = 0; i < FUTURES_MAX; i++)
        EXPECT(came_out[i]);
    return SIM_OK;
}

static enum sim_status one_in_time(struct sim *sim, bool results)
{
    int64_t begun = sim_now(sim);
    struct sim_future *a = sleeper(sim, 100 * SIM_MS, 'a');
    struct sim_future *b = sleeper(sim, 150 * SIM_MS, 'b');
    struct round round = {
        .futures = {a, b}, .count = 2, .timeout_ns = 120 * SIM_MS, .results = results};

    begin(sim, &round);
    EXPECT(take(&round, 2) == SIM_TIMEOUT);
    EXPECT(round.value_count == 1 && has(&round, 'a'));
    EXPECT(sim_now(sim) - begun == 120 * SIM_MS);
    EXPECT(take(&round, 1) == SIM_STOP_ASYNC_ITERATION);
    EXPECT(!sim_done(b)); /* and it goes on */
    return sim_await(b, NULL);
}

static enum sim_status test_as_completed_with_timeout(struct sim *sim, void *arg)
{
    (void)arg;
    return both_ways(sim, one_in_time);
}

static enum sim_status soon_enough(struct sim *sim, bool results)
{
    int64_t begun = sim_now(sim);
    struct round round = {.futures = {sleeper(sim, 10 * SIM_MS, 'a')},
                          .count = 1,
                          .timeout_ns = SIM_SECOND,
                          .results = results};

    expect_all(sim, &round);
    EXPECT(round.value_count == 1 && has(&round, 'a'));
    EXPECT(sim_now(sim) - begun == 10 * SIM_MS);
    EXPECT(timers_first(&sim_running_loop(sim)->timers) == NULL); /* the time-out is gone */
    return SIM_OK;
}

static enum sim_status test_as_completed_with_unused_timeout(struct sim *sim, void *arg)
{
    (void)arg;
    return both_ways(sim, soon_enough);
}

static enum sim_status take_in_two_goes(struct sim *sim, bool results)
{
    struct round round = {.count = FUTURES_MAX, .timeout_ns = -1, .results = results};

    for (int i = 0; i < FUTURES_MAX; i++)
        round.futures[i] = sleeper(sim, 0, i);
    begin(sim, &round);
    SIM_TRY(take(&round, 2));
    EXPECT(round.value_count == 2);
    EXPECT(take(&round, FUTURES_MAX) == SIM_STOP_ASYNC_ITERATION);
    EXPECT(round.value_count == FUTURES_MAX);
    for (int i = 0; i < FUTURES_MAX; i++)
        EXPECT(has(&round, i));
    return SIM_OK;
}

static enum sim_status test_as_completed_resume_iterator(struct sim *sim, void *arg)
{
    (void)arg;
    return both_ways(sim, take_in_two_goes);
}

/* Who awaits first gets what ends first, wherever that was given. */
static enum sim_status test_as_completed_reverse_wait(struct sim *sim, void *arg)
{
    struct round round = {.count = 2, .timeout_ns = -1, .results = true};
    struct sim_value value = sim_none();

    (void)arg;
    round.futures[0] = sleeper(sim, 100 * SIM_MS, 'b');
    round.futures[1] = sleeper(sim, 50 * SIM_MS, 'a');
    begin(sim, &round);
    SIM_TRY(take_one(&round, &value));
    EXPECT(is_int(value, 'a'));
    EXPECT(sim_now(sim) == 50 * SIM_MS);
    SIM_TRY(take_one(&round, &value));
    EXPECT(is_int(value, 'b'));
    EXPECT(sim_now(sim) == 100 * SIM_MS);
    return SIM_OK;
}

static enum sim_status take_as_task(struct sim *sim, void *arg)
{
    struct sim_value value = sim_none();

    SIM_TRY(take_one(arg, &value));
    return sim_return(sim, value);
}

static enum sim_status take_in_two_tasks(struct sim *sim, bool results)
{
    int64_t begun = sim_now(sim);
    struct round round = {.count = 2, .timeout_ns = -1, .results = results};
    struct sim_future *takers[2];
    struct sim_wait_sets sets;

    round.futures[0] = sleeper(sim, 50 * SIM_MS, 'a');
    round.futures[1] = sleeper(sim, 50 * SIM_MS, 'b');
    begin(sim, &round);
    for (int i = 0; i < 2; i++)
        takers[i] = SIM_FUTURE(sim_task_new(sim, NULL, take_as_task, &round));
    SIM_TRY(sim_wait(sim, takers, 2, -1, SIM_ALL_COMPLETED, &sets));
    for (int i = 0; i < 2; i++)
        SIM_TRY(sim_future_result(takers[i], &round.values[round.value_count++]));
    EXPECT(has(&round, 'a') && has(&round, 'b'));
    EXPECT(sim_now(sim) - begun == 50 * SIM_MS);
    return SIM_OK;
}

static enum sim_status test_as_completed_concurrent(struct sim *sim, void *arg)
{
    (void)arg;
    return both_ways(sim, take_in_two_tasks);
}

static enum sim_status one_given_twice(struct sim *sim, bool results)
{
    struct sim_future *ham = sleeper(sim, 0, 'h');
    struct sim_future *spam = sleeper(sim, 0, 's');
    struct round round = {
        .futures = {ham, ham, spam}, .count = 3, .timeout_ns = -1, .results = results};

    expect_all(sim, &round);
    EXPECT(round.value_count == 2);
    EXPECT(has(&round, 'h') && has(&round, 's'));
    return SIM_OK;
}

static enum sim_status test_as_completed_duplicate_coroutines(struct sim *sim, void *arg)
{
    (void)arg;
    return both_ways(sim, one_given_twice);
}

static enum sim_status begin_without_loop(struct sim *sim, void *future)
{
    struct sim_future *futures[] = {future};

    EXPECT(sim_as_completed(sim, futures, 1, -1) == NULL);
    EXPECT(sim_exception_kind(sim_exception(sim)) == SIM_RUNTIME_ERROR);
    EXPECT(raised(sim, "no running event loop"));
    return SIM_OK;
}

static enum sim_status test_as_completed_coroutine_without_loop(struct sim *sim, void *arg)
{
    (void)arg;
    return run_outside(sim, begin_without_loop, sleeper(sim, 0, 42));
}

static enum sim_status test_as_completed_coroutine_use_running_loop(struct sim *sim, void *arg)
{
    struct round round = {
        .futures = {sleeper(sim, 0, 42)}, .count = 1, .timeout_ns = -1, .results = true};

    (void)arg;
    expect_all(sim, &round);
    EXPECT(round.value_count == 1 && has(&round, 42));
    return SIM_OK;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        BODY(test_as_completed),
        BODY(test_as_completed_same_tasks_in_as_out),
        BODY(test_as_completed_with_timeout),
        BODY(test_as_completed_with_unused_timeout),
        BODY(test_as_completed_resume_iterator),
        BODY(test_as_completed_reverse_wait),
        BODY(test_as_completed_concurrent),
        BODY(test_as_completed_duplicate_coroutines),
        BODY(test_as_completed_coroutine_without_loop),
        BODY(test_as_completed_coroutine_use_running_loop),
    };

    return cmocka_run_group_tests_name("BaseTaskTests", tests, NULL, NULL);
}
