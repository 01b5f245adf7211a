/* The index of a timeline says what a look at all of it says. */
#include "tests/test.h"

#include <math.h>

#include "render/index.h"
#include "scenarios/scenarios.h"
#include "sim/base/prng.h"
#include "sim/explore/run.h"

enum { TRIES = 300 };

struct subject {
    struct trace *trace;
    struct timeline *timeline;
    struct index *index;
    struct prng prng;
};

static void open_subject(struct subject *s, const struct sim_scenario *scenario,
                         const char *parameter)
{
    struct run_request request;
    char error[256] = "";

    run_request_init(&request, scenario);
    if (parameter != NULL)
        assert_true(run_request_set(&request, parameter, error, sizeof(error)));
    request.policy = RUN_RANDOM;
    request.seed = 3;
    request.max_steps = 40000;
    s->trace = run_record(&request, error, sizeof(error));
    assert_non_null(s->trace);
    s->timeline = timeline_new(s->trace);
    assert_non_null(s->timeline);
    s->index = index_new(s->timeline);
    assert_non_null(s->index);
    prng_seed(&s->prng, 11);
}

static void close_subject(struct subject *s)
{
    index_free(s->index);
    timeline_free(s->timeline);
    trace_free(s->trace);
}

static uint32_t any_lane(struct subject *s)
{
    return prng_below(&s->prng, s->timeline->lane_count);
}

static void check_events(struct subject *s)
{
    uint32_t lane = any_lane(s);
    uint32_t column = prng_below(&s->prng, s->timeline->columns);
    size_t from = prng_below(&s->prng, (uint32_t)s->trace->event_count);
    size_t first = SIZE_MAX;
    size_t at = SIZE_MAX;
    size_t next = SIZE_MAX;
    size_t before = SIZE_MAX;

    for (size_t i = 0; i < s->trace->event_count; i++) {
        if (s->trace->events[i].actor != s->timeline->lanes[lane].actor)
            continue;
        first = first == SIZE_MAX ? i : first;
        at = s->timeline->column_of[i] <= column ? i : at;
        next = i > from && next == SIZE_MAX ? i : next;
        before = i < from ? i : before;
    }
    assert_int_equal(index_event_at(s->index, lane, column), at == SIZE_MAX ? first : at);
    assert_int_equal(index_event_beside(s->index, lane, from, 1), next);
    assert_int_equal(index_event_beside(s->index, lane, from, -1), before);
}

static void check_arrows(struct subject *s)
{
    const struct timeline *t = s->timeline;
    uint32_t lane = any_lane(s);
    uint32_t column = prng_below(&s->prng, t->columns);
    const struct arrow *to = NULL;
    const struct arrow *from = NULL;

    for (size_t i = 0; i < t->arrow_count; i++) {
        const struct arrow *arrow = &t->arrows[i];

        if (arrow->to_lane == lane && arrow->column <= column)
            to = arrow;
        if (arrow->from_lane == lane && arrow->column >= column && from == NULL)
            from = arrow;
    }
    assert_ptr_equal(index_arrow_to(s->index, lane, column), to);
    assert_ptr_equal(index_arrow_from(s->index, lane, column), from);
}

static void check_holds(struct subject *s)
{
    const struct timeline *t = s->timeline;
    uint32_t lane = any_lane(s);
    uint32_t column = prng_below(&s->prng, t->columns);
    size_t end = 0;
    size_t first = index_hold(s->index, lane, column, &end);

    for (size_t i = 0; i < t->hold_count; i++) {
        if (t->holds[i].lane != lane)
            assert_true(i < first || i >= end);
        else if (i < first)
            assert_true(t->holds[i].to <= column);
        else
            assert_true(i < end);
    }
}

static void check_spans(struct subject *s)
{
    const struct timeline *t = s->timeline;
    uint32_t lane = any_lane(s);
    uint32_t first = t->lanes[lane].first_span;
    uint32_t end = first + t->lanes[lane].span_count;
    uint32_t from = first + (end == first ? 0 : prng_below(&s->prng, end - first));
    double column = prng_below(&s->prng, t->columns);
    uint32_t at = from;
    unsigned states = 0;

    while (at < end && t->spans[at].to <= column)
        at++;
    assert_int_equal(index_span(s->index, lane, from, column), at);
    for (uint32_t i = from; i < end; i++)
        states |= 1U << t->spans[i].state;
    assert_int_equal(index_states(s->index, from, end), states);
}

/* All that is drawn of the whole run is as much as there is. */
static void check_density(const struct subject *s)
{
    const struct timeline *t = s->timeline;
    double wide = (double)t->columns / s->index->places;

    for (int state = 0; state < LANE_STATE_COUNT; state++) {
        double expected = 0;
        double sum = 0;

        for (size_t i = 0; i < t->span_count; i++)
            if (t->spans[i].state == state)
                expected += (double)t->spans[i].to - t->spans[i].from;
        for (uint32_t i = 0; i < s->index->places; i++) {
            double share = (double)s->index->density[i * LANE_STATE_COUNT + (uint32_t)state];

            assert_true(share > -1e-4 && share < 1 + 1e-4);
            sum += share * wide * t->lane_count;
        }
        assert_true(fabs(sum - expected) <= 1e-3 * expected + 0.01);
    }
}

static void check(const struct sim_scenario *scenario, const char *parameter)
{
    struct subject subject;

    open_subject(&subject, scenario, parameter);
    for (int i = 0; i < TRIES; i++) {
        check_events(&subject);
        check_arrows(&subject);
        check_holds(&subject);
        check_spans(&subject);
    }
    check_density(&subject);
    close_subject(&subject);
}

static void it_says_what_a_look_at_everything_says(void **state)
{
    (void)state;
    check(&counter_race, "tasks=100");
    check(&dining_philosophers, NULL);
    check(&counter_lock_threads, NULL);
    check(&deadlock_abba, NULL);
    check(&hello_world, NULL);
}

/* So many spans that blocks of blocks are asked. */
static void many_spans_are_summed_up(void **state)
{
    struct subject s;

    (void)state;
    open_subject(&s, &counter_race, "tasks=3000");
    uint32_t count = (uint32_t)s.timeline->span_count;

    assert_true(count > 2 * INDEX_BLOCK * INDEX_BLOCK);
    for (int i = 0; i < TRIES; i++) {
        uint32_t from = prng_below(&s.prng, count);
        uint32_t to = from + prng_below(&s.prng, count - from);
        unsigned states = 0;

        for (uint32_t at = from; at < to; at++)
            states |= 1U << s.timeline->spans[at].state;
        assert_int_equal(index_states(s.index, from, to), states);
    }
    check_density(&s);
    close_subject(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_says_what_a_look_at_everything_says),
        cmocka_unit_test(many_spans_are_summed_up),
    };

    return cmocka_run_group_tests_name("index", tests, NULL, NULL);
}
