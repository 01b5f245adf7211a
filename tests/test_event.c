/* Event: what CPython's test_locks.EventTests asks of asyncio.Event, test by test.
 *
 *   n/a test_repr: C has no repr
 */
#include "tests/body.h"

struct waiting {
    struct sim_flag *event;
    struct notes *notes;
    char name;
};

static enum sim_status wait_and_note(struct sim *sim, void *arg)
{
    const struct waiting *self = arg;

    (void)sim;
    SIM_TRY(sim_event_wait(self->event));
    note(self->notes, self->name);
    return SIM_OK;
}

static enum sim_status test_wait(struct sim *sim, void *arg)
{
    struct notes notes = {0};
    struct sim_flag *event = sim_event_new(sim, NULL);
    struct waiting users[] = {{event, &notes, '1'}, {event, &notes, '2'}, {event, &notes, '3'}};
    struct sim_task *tasks[3];

    (void)arg;
    EXPECT(!sim_event_is_set(event));
    tasks[0] = sim_task_new(sim, NULL, wait_and_note, &users[0]);
    tasks[1] = sim_task_new(sim, NULL, wait_and_note, &users[1]);
    SIM_TRY(sim_sleep(sim, 0));
    EXPECT(noted(&notes, ""));
    /* It has not begun to wait when the event is set, and was made ready before the others. */
    tasks[2] = sim_task_new(sim, NULL, wait_and_note, &users[2]);
    sim_event_set(event);
    SIM_TRY(sim_sleep(sim, 0));
    EXPECT(noted(&notes, "312"));
    for (int i = 0; i < 3; i++) {
        EXPECT(sim_done(tasks[i]));
        EXPECT(sim_future_result(tasks[i], NULL) == SIM_OK);
    }
    return SIM_OK;
}

static enum sim_status test_wait_on_set(struct sim *sim, void *arg)
{
    struct sim_flag *event = sim_event_new(sim, NULL);

    (void)arg;
    sim_event_set(event);
    EXPECT(sim_event_wait(event) == SIM_OK);
    return SIM_OK;
}

static enum sim_status test_wait_cancel(struct sim *sim, void *arg)
{
    struct notes notes = {0};
    struct waiting user = {sim_event_new(sim, NULL), &notes, '1'};

    (void)arg;
    struct sim_task *task = sim_task_new(sim, NULL, wait_and_note, &user);
    cancel_soon(sim, task);
    EXPECT(sim_await(task, NULL) == SIM_CANCELLED);
    sim_event_set(user.event);
    SIM_TRY(sim_sleep(sim, 0));
    EXPECT(noted(&notes, ""));
    return SIM_OK;
}

static enum sim_status test_clear(struct sim *sim, void *arg)
{
    struct sim_flag *event = sim_event_new(sim, NULL);

    (void)arg;
    EXPECT(!sim_event_is_set(event));
    sim_event_set(event);
    EXPECT(sim_event_is_set(event));
    sim_event_clear(event);
    EXPECT(!sim_event_is_set(event));
    return SIM_OK;
}

static enum sim_status test_clear_with_waiters(struct sim *sim, void *arg)
{
    struct notes notes = {0};
    struct waiting user = {sim_event_new(sim, NULL), &notes, '1'};

    (void)arg;
    struct sim_task *task = sim_task_new(sim, NULL, wait_and_note, &user);
    SIM_TRY(sim_sleep(sim, 0));
    EXPECT(noted(&notes, ""));
    sim_event_set(user.event);
    sim_event_clear(user.event);
    EXPECT(!sim_event_is_set(user.event));
    sim_event_set(user.event);
    sim_event_set(user.event);
    SIM_TRY(sim_sleep(sim, 0));
    EXPECT(noted(&notes, "1"));
    EXPECT(sim_done(task));
    EXPECT(sim_future_result(task, NULL) == SIM_OK);
    return SIM_OK;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        BODY(test_wait),  BODY(test_wait_on_set),        BODY(test_wait_cancel),
        BODY(test_clear), BODY(test_clear_with_waiters),
    };

    return cmocka_run_group_tests_name("EventTests", tests, NULL, NULL);
}
