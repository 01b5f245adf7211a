/* What a loop may do whose calls go in any order: each order that follows from what has happened,
 * and none that does not; and what asyncio does comes first. */
#include "tests/test.h"

#include <stdlib.h>
#include <string.h>

#include "sim/core/policy.h"
#include "sim/policy/dfs.h"
#include "sim/sim.h"

enum { LOG_MAX = 16, LOGS_MAX = 64 };

/* What is noted, as an argument. */
#define LETTER(letter) ((void *)(intptr_t)(letter))

struct log {
    char text[LOG_MAX];
    size_t length;
};

static struct log happened;

static void note(char what)
{
    assert_true(happened.length + 1 < LOG_MAX);
    happened.text[happened.length++] = what;
    happened.text[happened.length] = '\0';
}

static void note_call(struct sim *sim, void *arg)
{
    (void)sim;
    note((char)(intptr_t)arg);
}

static int compare(const void *a, const void *b)
{
    return strcmp(((const struct log *)a)->text, ((const struct log *)b)->text);
}

/* All that can happen, sorted and each once, with a blank after each; the first of all executions
 * is as asyncio's. */
static void expect_logs(sim_body_fn main, enum sim_time time, const char *expected)
{
    static struct log logs[LOGS_MAX];
    char all[LOGS_MAX * (LOG_MAX + 1) + 1] = "";
    char *end = all;
    struct policy_dfs dfs;
    struct sim *fifo = sim_new(NULL);
    struct sim *sim = sim_new(&(struct sim_config){.level = SIM_LEVEL_ANY, .time = time});
    size_t count = 0;

    happened = (struct log){0};
    assert_int_equal(sim_run_async(fifo, main, NULL), SIM_OUTCOME_FINISHED);
    struct log usual = happened;

    policy_dfs_init(&dfs, -1);
    sim_set_policy(sim, &dfs.policy);
    do {
        happened = (struct log){0};
        assert_int_equal(sim_run_async(sim, main, NULL), SIM_OUTCOME_FINISHED);
        if (count == 0)
            assert_string_equal(happened.text, usual.text);
        size_t known = 0;

        while (known < count && strcmp(logs[known].text, happened.text) != 0)
            known++;
        assert_true(known < LOGS_MAX);
        logs[known] = happened;
        count += known == count;
    } while (policy_dfs_next(&dfs));
    qsort(logs, count, sizeof(logs[0]), compare);
    for (size_t i = 0; i < count; i++)
        end += snprintf(end, LOG_MAX + 2, "%s ", logs[i].text);
    assert_string_equal(all, expected);
    policy_dfs_free(&dfs);
    sim_free(sim);
    sim_free(fifo);
}

static enum sim_status work(struct sim *sim, void *arg)
{
    (void)sim;
    note((char)(intptr_t)arg);
    return SIM_OK;
}

static enum sim_status leave(struct sim *sim, void *arg)
{
    (void)arg;
    (void)sim_task_new(sim, NULL, work, LETTER('a'));
    (void)sim_task_new(sim, NULL, work, LETTER('b'));
    return SIM_OK;
}

static void a_loop_may_stop_before_or_after_others_that_are_ready(void **state)
{
    (void)state;
    expect_logs(leave, SIM_TIME_LATE, " a ab b ba ");
}

static enum sim_status call_in_order(struct sim *sim, void *arg)
{
    (void)arg;
    (void)sim_call_soon(sim, note_call, LETTER('1'));
    (void)sim_call_soon(sim, note_call, LETTER('2'));
    (void)sim_call_later(sim, 2 * SIM_MS, note_call, LETTER('4'));
    (void)sim_call_later(sim, 1 * SIM_MS, note_call, LETTER('3'));
    return sim_sleep(sim, 5 * SIM_MS);
}

static void calls_of_a_kind_keep_their_order(void **state)
{
    (void)state;
    expect_logs(call_in_order, SIM_TIME_LATE, "1234 ");
}

/* asyncio puts timers behind what was added before the turn. */
static enum sim_status block(struct sim *sim, void *arg)
{
    (void)arg;
    (void)sim_call_later(sim, 1 * SIM_MS, note_call, LETTER('t'));
    sim_thread_sleep(sim, 2 * SIM_MS);
    (void)sim_call_soon(sim, note_call, LETTER('s'));
    return sim_sleep(sim, 5 * SIM_MS);
}

static void a_timer_that_is_due_may_come_before_what_was_added(void **state)
{
    (void)state;
    expect_logs(block, SIM_TIME_LATE, "st ts ");
}

static enum sim_status drop(struct sim *sim, void *arg)
{
    struct sim_handle *timer = sim_call_later(sim, 1 * SIM_MS, note_call, LETTER('t'));

    (void)arg;
    sim_thread_sleep(sim, 2 * SIM_MS);
    SIM_TRY(sim_sleep(sim, 0));
    sim_handle_cancel(timer);
    note('c');
    return sim_sleep(sim, 5 * SIM_MS);
}

static void a_timer_that_is_due_is_called_before_it_is_cancelled_or_not_at_all(void **state)
{
    (void)state;
    expect_logs(drop, SIM_TIME_LATE, "c tc ");
}

static enum sim_status sleep_and_note(struct sim *sim, void *arg)
{
    SIM_TRY(sim_sleep(sim, 1 * SIM_SECOND));
    note((char)(intptr_t)arg);
    return SIM_OK;
}

static enum sim_status go_on_meanwhile(struct sim *sim, void *arg)
{
    struct sim_task *task = sim_task_new(sim, NULL, sleep_and_note, LETTER('s'));

    (void)arg;
    note('a');
    SIM_TRY(sim_sleep(sim, 0));
    note('b');
    SIM_TRY(sim_sleep(sim, 0));
    note('c');
    return sim_await(task, NULL);
}

static void a_deadline_comes_before_any_call_only_where_time_is_explored(void **state)
{
    (void)state;
    expect_logs(go_on_meanwhile, SIM_TIME_LATE, "abcs ");
    expect_logs(go_on_meanwhile, SIM_TIME_EXPLORED, "abcs absc asbc ");
}

static enum sim_status race_two_sleeps(struct sim *sim, void *arg)
{
    struct sim_future *both[] = {SIM_FUTURE(sim_task_new(sim, NULL, sleep_and_note, LETTER('x'))),
                                 SIM_FUTURE(sim_task_new(sim, NULL, sleep_and_note, LETTER('y')))};

    (void)arg;
    return sim_await(sim_gather(sim, both, 2, false), NULL);
}

static void who_sleeps_as_long_may_wake_first(void **state)
{
    (void)state;
    expect_logs(race_two_sleeps, SIM_TIME_LATE, "xy yx ");
    expect_logs(race_two_sleeps, SIM_TIME_EXPLORED, "xy yx ");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_loop_may_stop_before_or_after_others_that_are_ready),
        cmocka_unit_test(calls_of_a_kind_keep_their_order),
        cmocka_unit_test(a_timer_that_is_due_may_come_before_what_was_added),
        cmocka_unit_test(a_timer_that_is_due_is_called_before_it_is_cancelled_or_not_at_all),
        cmocka_unit_test(a_deadline_comes_before_any_call_only_where_time_is_explored),
        cmocka_unit_test(who_sleeps_as_long_may_wake_first),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
