/* Stories: which steps had to come before which, and which merely did. */
#include "tests/test.h"

#include <stdio.h>

#include "render/story.h"
#include "sim/trace/trace.h"

struct fixture {
    struct trace *trace;
    struct sim_finding finding;
    uint32_t a;
    uint32_t b;
    uint32_t lock;
    uint32_t counter;
    uint32_t step;
};

static int setup(void **state)
{
    static struct fixture fixture;

    fixture = (struct fixture){.trace = trace_new()};
    if (fixture.trace == NULL)
        return -1;
    fixture.a = registry_add(fixture.trace->registry, SIM_OBJ_THREAD, "a", 0, 0);
    fixture.b = registry_add(fixture.trace->registry, SIM_OBJ_THREAD, "b", fixture.a, 0);
    fixture.lock = registry_add(fixture.trace->registry, SIM_OBJ_MUTEX, "lock", 0, 0);
    fixture.counter = registry_add(fixture.trace->registry, SIM_OBJ_VAR, "counter", 0, 0);
    *state = &fixture;
    return 0;
}

static int teardown(void **state)
{
    trace_free(((struct fixture *)*state)->trace);
    return 0;
}

/* One more event, of a step of its own. */
static void happen(struct fixture *f, enum sim_event_kind kind, uint32_t actor, uint32_t object)
{
    const struct sim_event e = {
        .step = ++f->step, .actor = actor, .object = object, .kind = (uint8_t)kind};

    assert_true(trace_add_event(f->trace, &e));
}

/* One more that the story tells. */
static void told(struct fixture *f, enum sim_event_kind kind, uint32_t actor, uint32_t object)
{
    happen(f, kind, actor, object);
    f->finding.steps[f->finding.step_count++] =
        (struct finding_step){.step = f->step, .actor = actor, .object = object};
}

static void expect(struct fixture *f, int step, story_set wanted)
{
    story_set before[FINDING_STEPS_MAX];

    assert_true(story_causes(f->trace, &f->finding, before));
    assert_int_equal(before[step], wanted);
}

static void steps_of_one_actor_are_ordered_and_those_of_others_are_not(void **state)
{
    struct fixture *f = *state;

    told(f, SIM_EV_READ, f->a, f->counter);
    told(f, SIM_EV_WRITE, f->b, f->counter);
    told(f, SIM_EV_WRITE, f->a, f->counter);
    expect(f, 0, 0);
    expect(f, 1, 0);
    expect(f, 2, 1);
}

static void a_lock_that_is_passed_on_carries_order(void **state)
{
    struct fixture *f = *state;

    happen(f, SIM_EV_ACQUIRE, f->a, f->lock);
    told(f, SIM_EV_WRITE, f->a, f->counter);
    happen(f, SIM_EV_RELEASE, f->a, f->lock);
    told(f, SIM_EV_WRITE, f->a, f->counter); /* after the release: not carried */
    happen(f, SIM_EV_ACQUIRE, f->b, f->lock);
    told(f, SIM_EV_READ, f->b, f->counter);
    expect(f, 2, 1);
}

static void who_is_started_or_woken_or_joined_comes_later(void **state)
{
    struct fixture *f = *state;

    told(f, SIM_EV_WRITE, f->a, f->counter);
    happen(f, SIM_EV_SPAWN, f->a, f->b);
    told(f, SIM_EV_READ, f->b, f->counter);
    told(f, SIM_EV_WRITE, f->a, f->counter);
    happen(f, SIM_EV_WAKE, f->a, f->b);
    told(f, SIM_EV_READ, f->b, f->counter);
    happen(f, SIM_EV_DONE, f->b, f->b);
    happen(f, SIM_EV_JOIN, f->a, f->b);
    told(f, SIM_EV_READ, f->a, f->counter);
    expect(f, 1, 1);
    expect(f, 2, 1);
    expect(f, 3, 1 | 2 | 4);
    expect(f, 4, 1 | 2 | 4 | 8);
}

static void a_step_that_is_itself_the_release_is_carried(void **state)
{
    struct fixture *f = *state;

    told(f, SIM_EV_SPAWN, f->a, f->b);
    told(f, SIM_EV_READ, f->b, f->counter);
    expect(f, 1, 1);
}

static void what_stands_between_takes_the_arrow(void **state)
{
    struct fixture *f = *state;
    story_set before[FINDING_STEPS_MAX];

    told(f, SIM_EV_READ, f->a, f->counter);
    told(f, SIM_EV_WRITE, f->a, f->counter);
    told(f, SIM_EV_WRITE, f->a, f->counter);
    assert_true(story_causes(f->trace, &f->finding, before));
    assert_int_equal(before[2], 3);
    assert_int_equal(story_nearest(before, 2), 2);
}

/* A story may begin with its end. */
static void the_order_of_the_run_is_not_that_of_the_story(void **state)
{
    struct fixture *f = *state;
    int order[FINDING_STEPS_MAX];

    told(f, SIM_EV_READ, f->a, f->counter);
    told(f, SIM_EV_WRITE, f->a, f->counter);
    struct finding_step first = f->finding.steps[0];

    f->finding.steps[0] = f->finding.steps[1];
    f->finding.steps[1] = first;
    assert_int_equal(story_order(&f->finding, order), 2);
    assert_int_equal(order[0], 1);
    assert_int_equal(order[1], 0);
    expect(f, 0, 2);
    expect(f, 1, 0);
}

static void a_step_stands_where_it_can_be_seen(void **state)
{
    struct fixture *f = *state;
    uint32_t loop = f->lock; /* something without a lane */

    told(f, SIM_EV_RESUME, f->a, 0);
    told(f, SIM_EV_WRITE, f->a, f->counter);
    happen(f, SIM_EV_RESUME, f->b, 0);
    f->finding.steps[f->finding.step_count++] =
        (struct finding_step){.step = 2, .actor = loop, .object = f->a};
    f->finding.steps[f->finding.step_count++] =
        (struct finding_step){.step = 2, .actor = f->b, .object = f->a};
    f->finding.steps[f->finding.step_count++] =
        (struct finding_step){.step = 2, .actor = loop, .object = f->counter};
    struct timeline *timeline = timeline_new(f->trace);

    assert_non_null(timeline);
    assert_int_equal(story_lane(timeline, &f->finding.steps[1]), timeline_lane(timeline, f->a));
    assert_int_equal(story_lane(timeline, &f->finding.steps[2]), timeline_lane(timeline, f->a));
    assert_int_equal(story_lane(timeline, &f->finding.steps[3]), timeline_lane(timeline, f->b));
    assert_int_equal(story_lane(timeline, &f->finding.steps[4]), UINT32_MAX);
    assert_int_equal(story_beside(timeline, &f->finding, 1), 0);
    assert_int_equal(story_beside(timeline, &f->finding, 2), 1);
    assert_int_equal(story_beside(timeline, &f->finding, 3), 0);
    timeline_free(timeline);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(steps_of_one_actor_are_ordered_and_those_of_others_are_not,
                                        setup, teardown),
        cmocka_unit_test_setup_teardown(a_lock_that_is_passed_on_carries_order, setup, teardown),
        cmocka_unit_test_setup_teardown(who_is_started_or_woken_or_joined_comes_later, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(a_step_that_is_itself_the_release_is_carried, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(what_stands_between_takes_the_arrow, setup, teardown),
        cmocka_unit_test_setup_teardown(a_step_stands_where_it_can_be_seen, setup, teardown),
        cmocka_unit_test_setup_teardown(the_order_of_the_run_is_not_that_of_the_story, setup,
                                        teardown),
    };

    return cmocka_run_group_tests_name("stories", tests, NULL, NULL);
}
