/* Who waited how long, and who was served before whom. */
#include "tests/feed.h"

#include "sim/detect/fairness.h"

struct line {
    struct feed *feed;
    struct fairness *fairness;
};

static int setup(void **state)
{
    static struct line line;

    if (feed_setup(state) != 0)
        return -1;
    line = (struct line){.feed = *state, .fairness = fairness_new()};
    if (line.fairness == NULL)
        return -1;
    struct sink *sink = fairness_sink(line.fairness);

    sink->begin(sink, line.feed->reg);
    *state = &line;
    return 0;
}

static int teardown(void **state)
{
    struct line *line = *state;
    void *feed = line->feed;

    fairness_free(line->fairness);
    return feed_teardown(&feed);
}

static void tell(struct line *line, uint32_t actor, enum sim_event_kind kind, uint32_t object,
                 unsigned aux)
{
    struct sim_event event = {.time_ns = line->feed->now_ns,
                              .step = ++line->feed->step,
                              .actor = actor,
                              .object = object,
                              .kind = (uint8_t)kind,
                              .aux = (uint8_t)aux};
    struct sink *sink = fairness_sink(line->fairness);

    sink->event(sink, &event);
}

static void queue_up(struct line *line, uint32_t actor)
{
    tell(line, actor, SIM_EV_SUSPEND, L1, SIM_WAIT_LOCK);
}

static void serve(struct line *line, uint32_t actor)
{
    tell(line, 0, SIM_EV_WAKE, actor, 0);
    tell(line, actor, SIM_EV_RESUME, 0, 0);
    tell(line, actor, SIM_EV_ACQUIRE, L1, 0);
}

static void in_order_of_arrival_nobody_is_overtaken(void **state)
{
    struct line *line = *state;

    for (uint32_t actor = A; actor <= C; actor++)
        queue_up(line, actor);
    for (uint32_t actor = A; actor <= C; actor++)
        serve(line, actor);
    for (uint32_t actor = A; actor <= C; actor++) {
        assert_int_equal(fairness_of(line->fairness, actor)->overtaken, 0);
        assert_int_equal(fairness_of(line->fairness, actor)->waits, 1);
    }
}

static void who_is_served_late_is_overtaken_by_each_before(void **state)
{
    struct line *line = *state;

    for (uint32_t actor = A; actor <= C; actor++)
        queue_up(line, actor);
    serve(line, C);
    serve(line, B);
    tell(line, T1, SIM_EV_ACQUIRE, L1, 0); /* without waiting at all */
    tell(line, T1, SIM_EV_ACQUIRE, L1, 0);
    const struct fairness_stat *a = fairness_of(line->fairness, A);

    assert_int_equal(a->overtaken, 4);
    assert_int_equal(a->overtaker_count, 3);
    assert_int_equal(a->overtakers[0].actor, C);
    assert_int_equal(a->overtakers[2].actor, T1);
    assert_int_equal(a->overtakers[2].times, 2);
    assert_int_equal(fairness_of(line->fairness, B)->overtaken, 1);
    assert_int_equal(a->unended.object, L1);
    assert_int_equal(a->unended.step, 1);
}

static void the_longest_wait_is_the_longest_in_time(void **state)
{
    struct line *line = *state;

    tell(line, A, SIM_EV_SUSPEND, X, SIM_WAIT_FUTURE);
    line->feed->now_ns = 500;
    tell(line, A, SIM_EV_RESUME, 0, 0);
    tell(line, A, SIM_EV_SUSPEND, Y, SIM_WAIT_EVENT);
    line->feed->now_ns = 2500;
    tell(line, A, SIM_EV_RESUME, 0, 0);
    tell(line, A, SIM_EV_SUSPEND, X, SIM_WAIT_FUTURE);
    tell(line, A, SIM_EV_RESUME, 0, 0);
    const struct fairness_stat *a = fairness_of(line->fairness, A);

    assert_int_equal(a->waits, 3);
    assert_int_equal(a->longest.time_ns, 2000);
    assert_int_equal(a->longest.object, Y);
    assert_int_equal(a->longest.why, SIM_WAIT_EVENT);
    assert_int_equal(a->longest.step, 3);
    assert_int_equal(a->longest.steps, 1);
    assert_int_equal(a->unended.step, 0);
}

static void who_is_ready_first_and_runs_last_is_overtaken(void **state)
{
    struct line *line = *state;

    tell(line, 0, SIM_EV_SPAWN, A, 0);
    tell(line, 0, SIM_EV_SPAWN, B, 0);
    for (int round = 0; round < 3; round++) {
        tell(line, B, SIM_EV_RESUME, 0, 0);
        tell(line, B, SIM_EV_SUSPEND, 0, SIM_WAIT_YIELD);
    }
    tell(line, A, SIM_EV_RESUME, 0, 0);
    assert_int_equal(fairness_of(line->fairness, A)->overtaken, 3);
    assert_int_equal(fairness_of(line->fairness, A)->overtakers[0].actor, B);
    assert_int_equal(fairness_of(line->fairness, B)->overtaken, 0);
}

static void who_gives_up_is_overtaken_no_more(void **state)
{
    struct line *line = *state;

    queue_up(line, A);
    tell(line, 0, SIM_EV_WAKE, B, 0);
    tell(line, B, SIM_EV_CANCEL, A, 0);
    tell(line, A, SIM_EV_RESUME, 0, 0);
    tell(line, A, SIM_EV_PRINT, 0, 0);
    tell(line, C, SIM_EV_ACQUIRE, L1, 0);
    assert_int_equal(fairness_of(line->fairness, A)->overtaken, 0);
    assert_int_equal(fairness_of(line->fairness, B)->overtaken, 0);
}

static void a_new_run_forgets_the_old_one(void **state)
{
    struct line *line = *state;
    struct sink *sink = fairness_sink(line->fairness);

    who_is_served_late_is_overtaken_by_each_before(state);
    sink->begin(sink, line->feed->reg);
    assert_int_equal(fairness_of(line->fairness, A)->overtaken, 0);
    assert_int_equal(fairness_of(line->fairness, A)->unended.step, 0);
    assert_false(fairness_out_of_memory(line->fairness));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(in_order_of_arrival_nobody_is_overtaken),
        TEST(who_is_served_late_is_overtaken_by_each_before),
        TEST(the_longest_wait_is_the_longest_in_time),
        TEST(who_is_ready_first_and_runs_last_is_overtaken),
        TEST(who_gives_up_is_overtaken_no_more),
        TEST(a_new_run_forgets_the_old_one),
    };

    return cmocka_run_group_tests_name("detect_fairness", tests, NULL, NULL);
}
