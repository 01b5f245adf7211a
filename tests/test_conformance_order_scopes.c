/* timeout, TaskGroup and interrupts: whose cancellation is whose, and what is raised. */
#include "tests/conformance/order.h"

/* ---- timeout ---- */

struct scope {
    struct sim_timeout *timeout;
    int64_t delay_s;
};

static enum sim_status nap(struct sim *sim, void *arg)
{
    const struct scope *self = arg;

    return sim_sleep(sim, self->delay_s * SIM_SECOND);
}

static enum sim_status scope(struct sim *sim, void *arg)
{
    const struct scope *self = arg;

    (void)sim;
    return sim_timeout_with(self->timeout, nap, arg);
}

static enum sim_status in_scope(struct sim *sim, struct sim_timeout *timeout, int64_t delay_s)
{
    struct scope self = {timeout, delay_s};

    return scope(sim, &self);
}

struct nesting {
    struct sim_timeout *outer;
    struct sim_timeout *inner;
    int64_t delay_s;
};

static enum sim_status inner_scopes(struct sim *sim, void *arg)
{
    const struct nesting *self = arg;
    enum sim_status status = in_scope(sim, self->inner, self->delay_s);

    if (status == SIM_TIMEOUT) {
        sim_print(sim, "the inner one raised");
        status = sim_sleep(sim, 0);
    }
    SIM_TRY(status);
    sim_print(sim, "inner expired: %s", sim_timeout_expired(self->inner) ? "True" : "False");
    return sim_sleep(sim, SIM_SECOND);
}

static enum sim_status nested(struct sim *sim, int64_t outer_s, int64_t inner_s, int64_t delay_s)
{
    struct nesting self = {sim_timeout_new(sim, outer_s * SIM_SECOND),
                           sim_timeout_new(sim, inner_s * SIM_SECOND), delay_s};

    /* Python makes the inner one when it gets there: at the same time. */
    SIM_TRY(sim_timeout_with(self.outer, inner_scopes, &self));
    sim_print(sim, "outer expired: %s", sim_timeout_expired(self.outer) ? "True" : "False");
    return SIM_OK;
}

static enum sim_status reschedules(struct sim *sim, void *arg)
{
    struct sim_timeout *timeout = arg;

    sim_print(sim, "when: %s", sim_timeout_when(timeout) == SIM_NEVER ? "None" : "?");
    SIM_TRY(sim_timeout_reschedule(timeout, sim_now(sim) + SIM_SECOND));
    SIM_TRY(sim_sleep(sim, SIM_SECOND / 2));
    SIM_TRY(sim_timeout_reschedule(timeout, sim_now(sim) + 2 * SIM_SECOND));
    SIM_TRY(sim_sleep(sim, SIM_SECOND));
    sim_print(sim, "later than the first deadline");
    SIM_TRY(sim_timeout_reschedule(timeout, sim_now(sim) - SIM_SECOND));
    sim_print(sim, "expired: %s", sim_timeout_expired(timeout) ? "True" : "False");
    return sim_sleep(sim, 5 * SIM_SECOND);
}

static enum sim_status stubborn_nap(struct sim *sim, void *arg)
{
    (void)arg;
    if (sim_sleep(sim, 5 * SIM_SECOND) == SIM_CANCELLED)
        sim_print(sim, "stubborn: goes on");
    SIM_TRY(sim_sleep(sim, SIM_SECOND));
    sim_print(sim, "stubborn: ends");
    return SIM_OK;
}

static enum sim_status other_error(struct sim *sim, void *arg)
{
    (void)arg;
    return sim_sleep(sim, 5 * SIM_SECOND) == SIM_OK
               ? SIM_OK
               : sim_raise(sim, SIM_VALUE_ERROR, "while cancelled");
}

static enum sim_status cancelled_from_outside(struct sim *sim, int64_t timeout_s)
{
    struct scope self = {sim_timeout_new(sim, timeout_s * SIM_SECOND), 5};
    struct sim_task *task = sim_task_new(sim, NULL, scope, &self);

    SIM_TRY(sim_sleep(sim, SIM_SECOND));
    sim_cancel(task, NULL);
    const char *how = outcome(sim, sim_await(task, NULL));

    sim_print(sim, "%d: %s, cancelling %d", (int)timeout_s, how, sim_task_cancelling(task));
    return SIM_OK;
}

static void misuse_timeout(struct sim *sim)
{
    static const char *const whats[] = {"before", "after"};
    struct sim_timeout *timeout = sim_timeout_new(sim, SIM_SECOND);

    for (int i = 0; i < 2; i++) {
        sim_print(sim, "%s: %s", whats[i],
                  outcome(sim, sim_timeout_reschedule(timeout, SIM_NEVER)));
        sim_print(sim, "%s: %s", whats[i], outcome(sim, in_scope(sim, timeout, 0)));
    }
    sim_print(sim, "finished: %s", outcome(sim, sim_timeout_reschedule(timeout, SIM_NEVER)));
}

static enum sim_status simple_timeouts(struct sim *sim)
{
    sim_print(sim, "in time: %s",
              outcome(sim, in_scope(sim, sim_timeout_new(sim, 2 * SIM_SECOND), 1)));
    sim_print(sim, "too late: %s",
              outcome(sim, in_scope(sim, sim_timeout_new(sim, SIM_SECOND), 2)));
    sim_print(sim, "cancelling: %d", sim_task_cancelling(sim_current_task(sim)));
    sim_print(sim, "none: %s", outcome(sim, in_scope(sim, sim_timeout_new(sim, -1), 2)));
    struct sim_task *four = ruler(sim, 4);

    sim_print(sim, "zero: %s", outcome(sim, in_scope(sim, sim_timeout_new(sim, 0), 2)));
    SIM_TRY(sim_await(four, NULL));
    four = ruler(sim, 4);
    sim_print(sim, "past: %s",
              outcome(sim, in_scope(sim, sim_timeout_at_new(sim, sim_now(sim) - SIM_SECOND), 2)));
    return sim_await(four, NULL);
}

static enum sim_status order_timeout(struct sim *sim, void *arg)
{
    struct sim_timeout *never = sim_timeout_new(sim, -1);

    (void)arg;
    SIM_TRY(simple_timeouts(sim));
    sim_print(sim, "inner first");
    sim_print(sim, "nested: %s", outcome(sim, nested(sim, 5, 1, 3)));
    sim_print(sim, "outer first");
    sim_print(sim, "nested: %s", outcome(sim, nested(sim, 1, 5, 3)));
    sim_print(sim, "both at once");
    sim_print(sim, "nested: %s", outcome(sim, nested(sim, 1, 1, 3)));
    sim_print(sim, "rescheduled");
    sim_print(sim, "rescheduled: %s", outcome(sim, sim_timeout_with(never, reschedules, never)));
    const char *how =
        outcome(sim, sim_timeout_with(sim_timeout_new(sim, SIM_SECOND), stubborn_nap, NULL));

    sim_print(sim, "stubborn: %s, %d", how, sim_task_cancelling(sim_current_task(sim)));
    sim_print(sim, "other error: %s",
              outcome(sim, sim_timeout_with(sim_timeout_new(sim, SIM_SECOND), other_error, NULL)));
    SIM_TRY(cancelled_from_outside(sim, 3));
    SIM_TRY(cancelled_from_outside(sim, 1));
    misuse_timeout(sim);
    return SIM_OK;
}

/* ---- TaskGroup ---- */

struct work {
    const char *name;
    int64_t delay_s;
    enum sim_status failure; /* SIM_OK: none */
    const char *message;
};

static enum sim_status work(struct sim *sim, void *arg)
{
    const struct work *self = arg;
    enum sim_status status = sim_sleep(sim, self->delay_s * SIM_SECOND);

    if (status == SIM_CANCELLED)
        sim_print(sim, "%s cancelled", self->name);
    SIM_TRY(status);
    sim_print(sim, "%s ends", self->name);
    if (self->failure != SIM_OK)
        return sim_raise(sim, self->failure, "%s", self->message);
    return sim_return(sim, sim_str(self->name));
}

static enum sim_status stubborn(struct sim *sim, void *arg)
{
    const struct work *self = arg;

    if (sim_sleep(sim, self->delay_s * SIM_SECOND) == SIM_OK)
        return SIM_OK;
    sim_print(sim, "%s fails when cancelled", self->name);
    return sim_raise(sim, self->failure, "%s", self->message);
}

static struct sim_task *add(struct sim_task_group *group, struct sim *sim, sim_body_fn body,
                            struct work specification)
{
    struct work *arg = sim_alloc(sim, sizeof(*arg));

    *arg = specification;
    return sim_task_group_create_task(group, NULL, body, arg);
}

/* An exception and what is in it, each level further in. */
static void show(struct sim *sim, const struct sim_exception *exception, int depth)
{
    size_t count = 0;
    const struct sim_exception *const *members = sim_exception_members(exception, &count);

    sim_print(sim, "%*s%s", 2 * depth, "", describe_exception(sim, exception));
    for (size_t i = 0; i < count; i++)
        show(sim, members[i], depth + 1);
}

static void attempt(struct sim *sim, const char *what, sim_body_fn body)
{
    struct sim_task_group *group = sim_task_group_new(sim);

    sim_print(sim, "%s", what);
    if (sim_task_group_with(group, body, group) == SIM_OK)
        sim_print(sim, "OK");
    else
        show(sim, sim_exception(sim), 0);
    sim_print(sim, "cancelling: %d", sim_task_cancelling(sim_current_task(sim)));
}

static enum sim_status one_fails(struct sim *sim, void *arg)
{
    (void)add(arg, sim, work, (struct work){"c", 3, SIM_OK, NULL});
    (void)add(arg, sim, work, (struct work){"d", 1, SIM_VALUE_ERROR, "d"});
    (void)add(arg, sim, stubborn, (struct work){"e", 5, SIM_LOOKUP_ERROR, "e"});
    enum sim_status status = sim_sleep(sim, 9 * SIM_SECOND);

    if (status == SIM_CANCELLED)
        sim_print(sim, "body cancelled");
    return status;
}

static enum sim_status body_fails(struct sim *sim, void *arg)
{
    (void)add(arg, sim, work, (struct work){"f", 3, SIM_OK, NULL});
    (void)add(arg, sim, stubborn, (struct work){"g", 3, SIM_TYPE_ERROR, "g"});
    SIM_TRY(sim_sleep(sim, SIM_SECOND));
    return sim_raise(sim, SIM_VALUE_ERROR, "body");
}

static enum sim_status inner_group(struct sim *sim, void *arg)
{
    (void)add(arg, sim, work, (struct work){"i", 1, SIM_VALUE_ERROR, "i"});
    (void)add(arg, sim, work, (struct work){"j", 5, SIM_OK, NULL});
    return SIM_OK;
}

static enum sim_status nested_groups(struct sim *sim, void *arg)
{
    struct sim_task_group *inner = sim_task_group_new(sim);

    (void)add(arg, sim, work, (struct work){"h", 5, SIM_OK, NULL});
    return sim_task_group_with(inner, inner_group, inner);
}

struct adding {
    struct sim_task_group *group;
    int depth;
};

static enum sim_status add_deeper(struct sim *sim, void *arg)
{
    const struct adding *self = arg;

    SIM_TRY(sim_sleep(sim, SIM_SECOND));
    sim_print(sim, "depth %d", self->depth);
    if (self->depth == 3)
        return SIM_OK;
    struct adding *next = sim_alloc(sim, sizeof(*next));

    *next = (struct adding){self->group, self->depth + 1};
    (void)sim_task_group_create_task(self->group, NULL, add_deeper, next);
    return SIM_OK;
}

static enum sim_status adding(struct sim *sim, void *arg)
{
    struct adding *first = sim_alloc(sim, sizeof(*first));

    *first = (struct adding){arg, 1};
    (void)sim_task_group_create_task(arg, NULL, add_deeper, first);
    return SIM_OK;
}

static enum sim_status late(struct sim *sim, void *arg)
{
    enum sim_status status = sim_sleep(sim, 5 * SIM_SECOND);

    if (sim_task_group_create_task(arg, NULL, late, arg) == NULL)
        sim_print(sim, "%s", describe_exception(sim, sim_exception(sim)));
    return status;
}

static enum sim_status shutting_down(struct sim *sim, void *arg)
{
    (void)sim_task_group_create_task(arg, NULL, late, arg);
    (void)add(arg, sim, work, (struct work){"k", 1, SIM_VALUE_ERROR, "k"});
    return SIM_OK;
}

static enum sim_status base_error(struct sim *sim, void *arg)
{
    (void)add(arg, sim, work, (struct work){"n", 5, SIM_OK, NULL});
    (void)add(arg, sim, stubborn, (struct work){"o", 5, SIM_VALUE_ERROR, "o"});
    SIM_TRY(sim_sleep(sim, SIM_SECOND));
    return sim_raise(sim, SIM_KEYBOARD_INTERRUPT, "body");
}

struct outside {
    struct sim_task_group *group;
    sim_body_fn body;
    struct work work;
};

static enum sim_status add_member(struct sim *sim, void *arg)
{
    struct outside *self = arg;

    (void)sim;
    (void)sim_task_group_create_task(self->group, NULL, self->body, &self->work);
    return SIM_OK;
}

static enum sim_status group_of_one(struct sim *sim, void *arg)
{
    struct outside *self = arg;

    self->group = sim_task_group_new(sim);
    return sim_task_group_with(self->group, add_member, self);
}

static enum sim_status from_outside(struct sim *sim, const char *what, sim_body_fn body,
                                    struct work specification)
{
    struct outside self = {NULL, body, specification};

    sim_print(sim, "%s", what);
    struct sim_task *task = sim_task_new(sim, NULL, group_of_one, &self);

    SIM_TRY(sim_sleep(sim, SIM_SECOND));
    sim_cancel(task, NULL);
    if (sim_await(task, NULL) != SIM_OK)
        show(sim, sim_exception(sim), 0);
    sim_print(sim, "cancelling: %d", sim_task_cancelling(task));
    return SIM_OK;
}

static enum sim_status enter_again(struct sim *sim, void *arg)
{
    struct sim_task_group *group = arg;

    sim_print(sim, "%s", outcome(sim, sim_task_group_enter(group)));
    return SIM_OK;
}

static enum sim_status misuse_group(struct sim *sim)
{
    struct sim_task_group *group = sim_task_group_new(sim);

    sim_print(sim, "misuse");
    assert_null(sim_task_group_create_task(group, NULL, late, group));
    sim_print(sim, "%s", describe_exception(sim, sim_exception(sim)));
    SIM_TRY(sim_task_group_with(group, enter_again, group));
    assert_null(sim_task_group_create_task(group, NULL, late, group));
    sim_print(sim, "%s", describe_exception(sim, sim_exception(sim)));
    sim_print(sim, "OK");
    sim_print(sim, "cancelling: %d", sim_task_cancelling(sim_current_task(sim)));
    return SIM_OK;
}

static enum sim_status fine_body(struct sim *sim, void *arg)
{
    struct outside *self = arg;

    (void)add(self->group, sim, work, (struct work){"a", 2, SIM_OK, NULL});
    (void)add(self->group, sim, work, (struct work){"b", 1, SIM_OK, NULL});
    sim_print(sim, "body ends");
    return SIM_OK;
}

static enum sim_status fine(struct sim *sim)
{
    struct outside self = {.group = sim_task_group_new(sim)};

    sim_print(sim, "fine");
    SIM_TRY(sim_task_group_with(self.group, fine_body, &self));
    sim_print(sim, "results a b");
    sim_print(sim, "OK");
    sim_print(sim, "cancelling: 0");
    return SIM_OK;
}

static enum sim_status do_nothing(struct sim *sim, void *arg)
{
    (void)sim;
    (void)arg;
    return SIM_OK;
}

static enum sim_status empty(struct sim *sim)
{
    struct sim_task_group *group = sim_task_group_new(sim);
    struct sim_task *two;

    sim_print(sim, "empty");
    two = ruler(sim, 2);
    SIM_TRY(sim_task_group_with(group, do_nothing, NULL));
    sim_print(sim, "left");
    SIM_TRY(sim_await(two, NULL));
    sim_print(sim, "OK");
    sim_print(sim, "cancelling: 0");
    return SIM_OK;
}

static enum sim_status order_task_group(struct sim *sim, void *arg)
{
    (void)arg;
    SIM_TRY(fine(sim));
    attempt(sim, "one fails", one_fails);
    attempt(sim, "body fails", body_fails);
    attempt(sim, "nested", nested_groups);
    attempt(sim, "adding", adding);
    attempt(sim, "shutting down", shutting_down);
    SIM_TRY(from_outside(sim, "from outside", work, (struct work){"l", 5, SIM_OK, NULL}));
    SIM_TRY(from_outside(sim, "from outside, failing", stubborn,
                         (struct work){"m", 5, SIM_VALUE_ERROR, "m"}));
    attempt(sim, "base error", base_error);
    SIM_TRY(misuse_group(sim));
    return empty(sim);
}

/* ---- Interrupts. ---- */

static enum sim_status interrupted(struct sim *sim, void *arg)
{
    const struct work *failure = arg;

    SIM_TRY(sim_sleep(sim, SIM_SECOND));
    sim_print(sim, "raises");
    return sim_raise(sim, failure->failure, "%s", failure->message);
}

static enum sim_status add_one(struct sim *sim, void *arg)
{
    (void)add(arg, sim, work, (struct work){"in a group", 5, SIM_OK, NULL});
    return SIM_OK;
}

static enum sim_status interrupted_main(struct sim *sim, void *arg)
{
    struct sim_task_group *group = sim_task_group_new(sim);
    struct work *args = sim_alloc(sim, 2 * sizeof(*args));

    args[0] = (struct work){"before", 1, SIM_OK, NULL};
    args[1] = (struct work){"after", 1, SIM_OK, NULL};
    sim_task_new(sim, NULL, work, &args[0]);
    sim_task_new(sim, NULL, interrupted, arg);
    sim_task_new(sim, NULL, work, &args[1]);
    enum sim_status status = sim_task_group_with(group, add_one, group);

    sim_print(sim, "main ends");
    return status;
}

static enum sim_status later(struct sim *sim, void *arg)
{
    (void)arg;
    sim_print(sim, "later runs");
    return sim_sleep(sim, 0);
}

static enum sim_status order_interrupt(struct sim *sim, void *arg)
{
    struct work failures[] = {{"", 0, SIM_KEYBOARD_INTERRUPT, "stop"},
                              {"", 0, SIM_SYSTEM_EXIT, "bye"}};

    (void)arg;
    for (int i = 0; i < 2; i++) {
        struct sim_runner *runner = sim_runner_new(sim);

        sim_print(sim, "%s",
                  outcome(sim, sim_runner_run(runner, interrupted_main, &failures[i], NULL)));
        SIM_TRY(sim_runner_run(runner, later, NULL, NULL));
        sim_print(sim, "closing");
        sim_runner_close(runner);
    }
    return SIM_OK;
}

static const struct order orders[] = {
    {"order_timeout", order_timeout},
    {"order_task_group", order_task_group},
    {NULL, NULL},
};

static void scopes_agree(void **state)
{
    (void)state;
    orders_agree(orders);
}

static void interrupts_agree(void **state)
{
    (void)state;
    assert_true(twin_agrees_of(sim_run, "order_interrupt", order_interrupt, NULL));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(scopes_agree),
        cmocka_unit_test(interrupts_agree),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
