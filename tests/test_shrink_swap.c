/* The one swap: beside a failing run stands a passing one, and two steps that conflict are the
 * other way round in it. */
#include "tests/test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "scenarios/scenarios.h"
#include "sim/explore/explore.h"
#include "sim/explore/shrink.h"
#include "sim/explore/shrink_swap.h"
#include "tests/random_bugs.h"

enum { PROGRAMS = FIBER_ASAN ? 80 : 400 };

static struct trace *replay(const struct run_request *request, const struct schedule *schedule)
{
    struct run_request again = *request;
    char error[256];

    again.policy = RUN_REPLAY;
    again.schedule = schedule;
    struct trace *trace = run_record(&again, error, sizeof(error));

    assert_non_null(trace);
    assert_string_equal(error, "");
    return trace;
}

static bool shows_error(const struct trace *trace)
{
    bool error = false;

    for (size_t i = 0; i < trace->finding_count; i++)
        error |= sim_finding_is_error(trace->findings[i].kind) != 0;
    return error;
}

static bool shows(const struct trace *trace, const struct shrink_target *target)
{
    bool found = false;

    for (size_t i = 0; i < trace->finding_count; i++) {
        struct shrink_target other;

        shrink_target_of(&other, trace->registry, &trace->findings[i]);
        found |= other.kind == target->kind && strcmp(other.about, target->about) == 0;
    }
    return found;
}

/* The place of the nth event like a step, of its actor on its object; -1 if there is none. */
static long place_of(const struct trace *trace, const struct swap_step *step, int nth)
{
    for (size_t i = 0; i < trace->event_count; i++) {
        const struct sim_event *event = &trace->events[i];

        if (event->kind == step->kind && event->actor == step->actor &&
            event->object == step->object && nth-- == 0)
            return (long)i;
    }
    return -1;
}

/* Which of its kind a step is in the run that it is a step of. */
static int number_of(const struct trace *trace, const struct swap_step *step)
{
    int nth = 0;

    for (size_t i = 0; i < trace->event_count; i++) {
        const struct sim_event *event = &trace->events[i];

        if (event->kind != step->kind || event->actor != step->actor ||
            event->object != step->object)
            continue;
        if (event->step == step->step)
            return nth;
        nth++;
    }
    fail_msg("step %u is not in the failing run", step->step);
    return -1;
}

static void check_exchange(const struct trace *failing, const struct trace *passing,
                           const struct swap_report *swap)
{
    int early = number_of(failing, &swap->early);
    int late = number_of(failing, &swap->late);

    assert_int_not_equal(swap->early.actor, swap->late.actor);
    assert_int_equal(swap->early.object, swap->late.object);
    assert_true(swap->early.step < swap->late.step);
    long late_now = place_of(passing, &swap->late, late);
    long early_now = place_of(passing, &swap->early, early);

    assert_true(late_now >= 0);
    assert_true(early_now < 0 || late_now < early_now);
}

/* Find a failing run, shrink it, and look for the passing one beside it; check what is claimed.
 * Returns how; -1 if no run failed. */
static int swap_random(const struct run_request *run, uint64_t seed, struct swap_report *swap)
{
    struct explore_request request = {.run = *run, .policy = EXPLORE_RANDOM, .max_executions = 200};
    struct explore_report report = {.worst = -1};
    struct shrink_report small = {0};
    char error[256];
    int how = -1;

    request.run.seed = seed;
    assert_true(explore(&request, &report, error, sizeof(error)));
    if (report.worst >= 0 && sim_finding_is_error((unsigned)report.worst)) {
        assert_true(shrink(run, &report.kinds[report.worst].schedule,
                           (enum sim_finding_kind)report.worst, 0, &small, error, sizeof(error)));
        assert_true(swap_find(run, &small.schedule, &small.target, swap));
        how = (int)swap->how;
        if (swap->how != SWAP_NONE) {
            struct trace *failing = replay(run, &small.schedule);
            struct trace *passing = replay(run, &swap->passing);

            assert_true(shows(failing, &small.target));
            assert_false(shows(passing, &small.target));
            assert_false(swap->clean && shows_error(passing));
            if (swap->early.step != 0)
                check_exchange(failing, passing, swap);
            trace_free(failing);
            trace_free(passing);
        }
        shrink_report_free(&small);
        swap_report_free(swap);
    }
    explore_report_free(&report);
    return how;
}

static void a_lost_update_is_a_race_of_a_read_and_a_write(void **state)
{
    struct run_request request;
    struct swap_report swap = {0};

    (void)state;
    run_request_init(&request, &counter_race_threads);
    for (uint64_t seed = 0; seed < 20; seed++) {
        assert_int_equal(swap_random(&request, seed, &swap), SWAP_STEPS);
        assert_int_equal(swap.early.kind, SIM_EV_READ);
        assert_int_equal(swap.late.kind, SIM_EV_WRITE);
    }
}

static void a_deadlock_is_a_race_for_a_lock(void **state)
{
    struct run_request request;
    struct swap_report swap = {0};

    (void)state;
    run_request_init(&request, &deadlock_abba_threads);
    for (uint64_t seed = 0; seed < 20; seed++) {
        int how = swap_random(&request, seed, &swap);

        assert_true(how == SWAP_STEPS || how == SWAP_CHOICE);
    }
}

static void what_always_fails_has_no_passing_run(void **state)
{
    struct run_request request;
    struct swap_report swap = {0};

    (void)state;
    run_request_init(&request, &lost_wakeup);
    assert_int_equal(swap_random(&request, 1, &swap), SWAP_NONE);
}

static void random_programs_have_their_swap(void **state)
{
    int how[3] = {0, 0, 0};

    (void)state;
    for (int64_t seed = 0; seed < PROGRAMS; seed++) {
        struct run_request request;
        struct swap_report swap;

        run_request_init(&request, &random_threads);
        request.params[0] = seed;
        int result = swap_random(&request, (uint64_t)seed, &swap);

        if (result >= 0)
            how[result]++;
    }
    print_message("none %d, steps %d, choice %d\n", how[SWAP_NONE], how[SWAP_STEPS],
                  how[SWAP_CHOICE]);
    assert_true(how[SWAP_STEPS] + how[SWAP_CHOICE] > 9 * how[SWAP_NONE]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_lost_update_is_a_race_of_a_read_and_a_write),
        cmocka_unit_test(a_deadlock_is_a_race_for_a_lock),
        cmocka_unit_test(what_always_fails_has_no_passing_run),
        cmocka_unit_test(random_programs_have_their_swap),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
