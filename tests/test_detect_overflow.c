/* A stack that was overrun: whose, after which step, and where it was seen last. */
#include "tests/feed.h"

static const struct sim_site first_place = {"src/first.c", "f", 11};
static const struct sim_site last_place = {"src/last.c", "g", 22};

/* The same as say, at a place. */
static void say_at(struct feed *f, const struct sim_site *site, uint32_t actor,
                   enum sim_event_kind kind, uint32_t object, int64_t value)
{
    struct sim_event event = {.step = ++f->step,
                              .actor = actor,
                              .object = object,
                              .kind = (uint8_t)kind,
                              .value = value,
                              .site = registry_site(f->reg, site)};

    detectors_sink(f->detectors)->event(detectors_sink(f->detectors), &event);
}

/* It overran its stack: the finding. */
static const struct sim_finding *overrun(struct feed *f, uint32_t actor)
{
    size_t count = 0;

    say(f, actor, SIM_EV_END, 0, SIM_OUTCOME_OVERFLOW, 0);
    assert_int_equal(detectors_kinds(f->detectors), UINT64_C(1) << SIM_FINDING_OVERFLOW);
    const struct sim_finding *findings = detectors_findings(f->detectors, &count);

    assert_int_equal(count, 1);
    assert_int_equal(findings[0].kind, SIM_FINDING_OVERFLOW);
    return findings;
}

static void the_last_that_is_known_is_told_with_its_place(void **state)
{
    struct feed *f = *state;

    say_at(f, &first_place, MAIN, SIM_EV_SPAWN, T1, 0);
    say_at(f, &first_place, T1, SIM_EV_READ, X, 3);
    say_at(f, &last_place, T1, SIM_EV_ATOMIC_LOAD, Y, 4);
    /* Others come after it, and what is nothing that it does. */
    say_at(f, &first_place, T1, SIM_EV_PREEMPT, 0, 0);
    say_at(f, &first_place, MAIN, SIM_EV_READ, X, 3);
    say(f, T1, SIM_EV_RESUME, 0, 0, 0);
    const struct sim_finding *finding = overrun(f, T1);
    const struct finding_step *last = &finding->steps[0];

    assert_string_equal(finding->sentence,
                        "T1 overran its stack after step 7; the last that is known of it is step "
                        "3: T1 loads y = 4.");
    assert_int_equal(finding->step_count, 2);
    assert_int_equal(last->step, 3);
    assert_int_equal(last->actor, T1);
    assert_int_equal(registry_site_at(f->reg, last->site)->line, last_place.line);
    assert_string_equal(last->caption, "T1 loads y = 4");
    assert_string_equal(finding->steps[1].caption, "T1 overruns its stack");
    assert_int_equal(finding->steps[1].step, 7);
    assert_int_equal(finding->steps[1].site, 0);
}

static void of_who_has_done_nothing_its_start_is_known(void **state)
{
    struct feed *f = *state;

    say_at(f, &last_place, MAIN, SIM_EV_SPAWN, T2, 0);
    say_at(f, &first_place, MAIN, SIM_EV_READ, X, 3);
    const struct sim_finding *finding = overrun(f, T2);

    assert_string_equal(finding->sentence,
                        "T2 overran its stack after step 3; the last that is known of it is step "
                        "1: MainThread starts T2.");
    assert_int_equal(finding->steps[0].actor, MAIN);
    assert_int_equal(registry_site_at(f->reg, finding->steps[0].site)->line, last_place.line);
    assert_string_equal(finding->steps[0].caption, "MainThread starts T2");
}

static void without_places_nothing_more_is_said(void **state)
{
    struct feed *f = *state;

    say(f, MAIN, SIM_EV_SPAWN, A, 0, 0);
    say(f, A, SIM_EV_READ, X, 0, 3);
    const struct sim_finding *finding = overrun(f, A);

    assert_string_equal(finding->sentence, "A overran its stack after step 3.");
    assert_int_equal(finding->step_count, 1);
    assert_string_equal(finding->steps[0].caption, "A overruns its stack");
}

/* What the next run has not done is not known of it. */
static void each_run_is_for_itself(void **state)
{
    struct feed *f = *state;
    struct sink *sink = detectors_sink(f->detectors);

    say_at(f, &last_place, A, SIM_EV_READ, X, 3);
    assert_int_equal(overrun(f, A)->step_count, 2);
    sink->begin(sink, f->reg);
    say(f, A, SIM_EV_READ, X, 0, 3);
    assert_int_equal(overrun(f, A)->step_count, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        FEED_TEST(the_last_that_is_known_is_told_with_its_place),
        FEED_TEST(of_who_has_done_nothing_its_start_is_known),
        FEED_TEST(without_places_nothing_more_is_said),
        FEED_TEST(each_run_is_for_itself),
    };

    return cmocka_run_group_tests_name("detect_overflow", tests, NULL, NULL);
}
