/* Which item a priority queue gives, how queues end, and what they refuse: as in CPython. */
#include "tests/conformance/order.h"

struct job {
    int priority;
    int number;
};

static int compare_jobs(struct sim_value a, struct sim_value b)
{
    const struct job *one = a.as.pointer;
    const struct job *two = b.as.pointer;

    return one->priority - two->priority;
}

static enum sim_status say_job(struct sim *sim, struct sim_queue *queue)
{
    struct sim_value item;

    SIM_TRY(sim_queue_get_nowait(queue, &item));
    const struct job *job = item.as.pointer;

    sim_print(sim, "%d: %d", job->priority, job->number);
    return SIM_OK;
}

static enum sim_status put_job(struct sim *sim, struct sim_queue *queue, int priority, int number)
{
    struct job *job = sim_alloc(sim, sizeof(*job));

    *job = (struct job){priority, number};
    return sim_queue_put_nowait(queue, sim_ptr(job));
}

static enum sim_status priority(struct sim *sim, void *arg)
{
    struct sim_queue *queue = sim_priority_queue_new(sim, NULL, 0, compare_jobs);
    uint32_t chance = 1;
    int number = 0;

    (void)arg;
    for (int round = 0; round < 60; round++) {
        for (int i = 0; i < 5; i++) {
            chance = (chance * 1103515245 + 12345) & 0x7FFFFFFF;
            if ((chance >> 16 & 3) != 0 && (chance >> 20) % 5 < 4)
                SIM_TRY(put_job(sim, queue, (int)((chance >> 18) % 4), number++));
            else if (!sim_queue_empty(queue))
                SIM_TRY(say_job(sim, queue));
        }
        while (sim_queue_size(queue) > 20)
            SIM_TRY(say_job(sim, queue));
    }
    while (!sim_queue_empty(queue))
        SIM_TRY(say_job(sim, queue));
    return SIM_OK;
}

/* As repr(value). */
static const char *describe(struct sim *sim, struct sim_value value)
{
    if (value.type == SIM_LIST) {
        const char *text = "[";

        for (uint32_t i = 0; i < value.count; i++) {
            struct sim_value item = value.as.items[i];
            const char *quote = item.type == SIM_STR ? "'" : "";

            text = sim_format(sim, "%s%s%s%s%s", text, i == 0 ? "" : ", ", quote,
                              describe(sim, item), quote);
        }
        return sim_format(sim, "%s]", text);
    }
    if (value.type == SIM_NONE)
        return "None";
    return value.type == SIM_STR ? value.as.string : sim_format(sim, "%d", (int)value.as.integer);
}

static enum sim_status fill(struct sim *sim, const char *title, const struct sim_value *items,
                            int count)
{
    struct sim_queue *queue = sim_priority_queue_new(sim, NULL, 0, NULL);

    sim_print(sim, "%s", title);
    for (int i = 0; i < count; i++) {
        enum sim_status status = sim_queue_put(queue, items[i]);

        if (status != SIM_OK)
            sim_print(sim, "put %d: %s, size: %zu", i, outcome(sim, status), sim_queue_size(queue));
    }
    for (size_t left = sim_queue_size(queue); left > 0; left--) {
        struct sim_value item = sim_none();
        enum sim_status status = sim_queue_get(queue, &item);
        const char *said = status == SIM_OK ? describe(sim, item) : outcome(sim, status);

        sim_print(sim, "%s, size: %zu", said, sim_queue_size(queue));
    }
    return SIM_OK;
}

static struct sim_value list(struct sim *sim, uint32_t count, struct sim_value a,
                             struct sim_value b, struct sim_value c)
{
    struct sim_value *items = sim_alloc(sim, 3 * sizeof(*items));

    items[0] = a;
    items[1] = b;
    items[2] = c;
    return (struct sim_value){.type = SIM_LIST, .count = count, .as.items = items};
}

static enum sim_status priority_values(struct sim *sim, void *arg)
{
    struct sim_value none = sim_none();
    struct sim_value numbers[] = {sim_int(3), sim_int(-1), sim_int(2), sim_int(3), sim_int(-7)};
    struct sim_value texts[] = {sim_str("pear"), sim_str("apple"), sim_str("fig"), sim_str(""),
                                sim_str("apples")};
    struct sim_value nothings[] = {none, none};
    struct sim_value lists[] = {
        list(sim, 2, sim_int(2), sim_str("b"), none), list(sim, 2, sim_int(1), sim_str("z"), none),
        list(sim, 2, sim_int(2), sim_str("a"), none), list(sim, 1, sim_int(1), none, none),
        list(sim, 3, sim_int(2), sim_str("a"), sim_int(0))};
    struct sim_value late[] = {
        list(sim, 2, sim_int(1), sim_int(5), none), list(sim, 2, sim_int(1), sim_str("five"), none),
        list(sim, 2, sim_int(0), none, none), list(sim, 2, sim_int(0), none, none)};
    struct sim_value one_nine = list(sim, 2, sim_int(1), sim_int(9), none);
    struct sim_value nested[] = {
        list(sim, 2, list(sim, 1, sim_int(2), none, none), sim_int(1), none),
        list(sim, 2, one_nine, sim_int(7), none),
        list(sim, 2, list(sim, 1, sim_int(1), none, none), sim_int(8), none),
        list(sim, 2, one_nine, sim_int(6), none),
        list(sim, 2, list(sim, 2, sim_int(1), list(sim, 0, none, none, none), none), sim_int(0),
             none)};
    struct sim_value everything[] = {
        sim_int(1), sim_str("one"), list(sim, 1, sim_int(1), none, none),
        sim_int(0), none,           sim_int(2)};

    (void)arg;
    SIM_TRY(fill(sim, "numbers", numbers, 5));
    SIM_TRY(fill(sim, "texts", texts, 5));
    SIM_TRY(fill(sim, "one thing", nothings, 1));
    SIM_TRY(fill(sim, "nothings", nothings, 2));
    SIM_TRY(fill(sim, "lists", lists, 5));
    SIM_TRY(fill(sim, "lists that differ late", late, 4));
    SIM_TRY(fill(sim, "lists in lists", nested, 4));
    SIM_TRY(fill(sim, "one too many", nested, 5));
    return fill(sim, "everything", everything, 6);
}

struct worker {
    const char *name;
    struct sim_queue *queue;
};

static enum sim_status put_and_say(struct sim *sim, void *arg)
{
    const struct worker *self = arg;

    sim_print(sim, "%s: %s", self->name,
              outcome(sim, sim_queue_put(self->queue, sim_str(self->name))));
    return SIM_OK;
}

static enum sim_status get_and_say(struct sim *sim, void *arg)
{
    const struct worker *self = arg;

    sim_print(sim, "%s: %s", self->name, outcome(sim, sim_queue_get(self->queue, NULL)));
    return SIM_OK;
}

static enum sim_status join_and_say(struct sim *sim, void *arg)
{
    const struct worker *self = arg;

    SIM_TRY(sim_queue_join(self->queue));
    sim_print(sim, "%sjoined", self->name);
    return SIM_OK;
}

/* The kind of exception alone; a call that gives nothing gives None. */
static const char *kind(enum sim_status status)
{
    return status == SIM_OK ? "None" : sim_status_name(status);
}

static enum sim_status shut_down_full(struct sim *sim)
{
    struct sim_queue *queue = sim_queue_new(sim, NULL, 1);
    struct worker workers[] = {
        {.name = "a", .queue = queue}, {.name = "b", .queue = queue}, {.name = "", .queue = queue}};
    struct sim_value item = sim_none();

    SIM_TRY(sim_queue_put_nowait(queue, sim_str("first")));
    struct sim_task *first = sim_task_new(sim, NULL, put_and_say, &workers[0]);
    struct sim_task *second = sim_task_new(sim, NULL, put_and_say, &workers[1]);
    struct sim_task *join = sim_task_new(sim, NULL, join_and_say, &workers[2]);
    SIM_TRY(sim_sleep(sim, 0));
    struct sim_task *measure = ruler(sim, 3);
    SIM_TRY(sim_queue_shutdown(queue, false));
    SIM_TRY(sim_queue_shutdown(queue, false));
    sim_print(sim, "main: size: %zu, %s", sim_queue_size(queue),
              kind(sim_queue_put_nowait(queue, sim_str("more"))));
    SIM_TRY(sim_await(first, NULL));
    SIM_TRY(sim_await(second, NULL));
    SIM_TRY(sim_queue_get(queue, &item));
    sim_print(sim, "main: got %s", item.as.string);
    const char *now = kind(sim_queue_get_nowait(queue, NULL));
    sim_print(sim, "main: %s, %s", now, outcome(sim, sim_queue_get(queue, NULL)));
    sim_print(sim, "main: %s", outcome(sim, sim_queue_put(queue, sim_str("late"))));
    SIM_TRY(sim_queue_task_done(queue));
    sim_print(sim, "main: %s", kind(sim_queue_task_done(queue)));
    SIM_TRY(sim_await(join, NULL));
    return sim_await(measure, NULL);
}

static enum sim_status shutdown(struct sim *sim, void *arg)
{
    struct sim_task *tasks[3];

    (void)arg;
    SIM_TRY(shut_down_full(sim));
    struct sim_queue *queue = sim_queue_new(sim, NULL, 0);
    struct worker workers[] = {{.name = "c", .queue = queue},
                               {.name = "d", .queue = queue},
                               {.name = "e", .queue = queue}};

    for (int i = 0; i < 3; i++)
        tasks[i] = sim_task_new(sim, NULL, get_and_say, &workers[i]);
    SIM_TRY(sim_sleep(sim, 0));
    struct sim_task *measure = ruler(sim, 3);
    sim_cancel(tasks[1], "too");
    SIM_TRY(sim_queue_put_nowait(queue, sim_str("one")));
    SIM_TRY(sim_queue_shutdown(queue, false));
    for (int i = 0; i < 3; i++)
        sim_print(sim, "main: %s", outcome(sim, sim_await(tasks[i], NULL)));
    return sim_await(measure, NULL);
}

static enum sim_status put_four(struct sim *sim, void *arg)
{
    (void)sim;
    return sim_queue_put(arg, sim_int(4));
}

static enum sim_status shut_down_priority(struct sim *sim)
{
    struct sim_queue *queue = sim_priority_queue_new(sim, NULL, 3, NULL);
    struct worker worker = {.name = "first: ", .queue = queue};

    SIM_TRY(sim_queue_put_nowait(queue, sim_int(3)));
    SIM_TRY(sim_queue_put_nowait(queue, sim_int(1)));
    SIM_TRY(sim_queue_put_nowait(queue, sim_int(2)));
    struct sim_task *put = sim_task_new(sim, NULL, put_four, queue);
    struct sim_task *join = sim_task_new(sim, NULL, join_and_say, &worker);
    SIM_TRY(sim_sleep(sim, 0));
    struct sim_task *measure = ruler(sim, 3);
    SIM_TRY(sim_queue_shutdown(queue, true));
    sim_print(sim, "main: size: %zu, full: %d", sim_queue_size(queue), sim_queue_full(queue));
    const char *ended = outcome(sim, sim_await(put, NULL));
    sim_print(sim, "main: %s, %s", ended, outcome(sim, sim_queue_get(queue, NULL)));
    SIM_TRY(sim_await(join, NULL));
    return sim_await(measure, NULL);
}

static enum sim_status shutdown_immediate(struct sim *sim, void *arg)
{
    struct sim_value item;

    (void)arg;
    SIM_TRY(shut_down_priority(sim));
    struct sim_queue *queue = sim_lifo_queue_new(sim, NULL, 0);
    struct worker worker = {.name = "second: ", .queue = queue};

    for (int i = 0; i < 3; i++)
        SIM_TRY(sim_queue_put_nowait(queue, sim_int(i)));
    SIM_TRY(sim_queue_get_nowait(queue, &item));
    sim_print(sim, "main: got %d", (int)item.as.integer);
    struct sim_task *join = sim_task_new(sim, NULL, join_and_say, &worker);
    SIM_TRY(sim_sleep(sim, 0));
    SIM_TRY(sim_queue_shutdown(queue, true));
    SIM_TRY(sim_await(ruler(sim, 2), NULL));
    sim_print(sim, "main: joined: %d", sim_done(join));
    SIM_TRY(sim_queue_task_done(queue));
    SIM_TRY(sim_await(join, NULL));
    if (sim_queue_task_done(queue) == SIM_VALUE_ERROR)
        sim_print(sim, "main: %s", sim_exception_message(sim_exception(sim)));
    return SIM_OK;
}

static void attempt(struct sim *sim, enum sim_status status, const char *given)
{
    if (status == SIM_OK)
        sim_print(sim, "gives %s", given);
    else
        sim_print(sim, "%s", outcome(sim, status));
}

static enum sim_status errors(struct sim *sim, void *arg)
{
    static const int maxsizes[] = {0, -3};
    struct sim_queue *queue = sim_queue_new(sim, NULL, 1);
    struct sim_value item = sim_none();

    (void)arg;
    attempt(sim, sim_queue_get_nowait(queue, &item), "?");
    attempt(sim, sim_queue_task_done(queue), "None");
    SIM_TRY(sim_queue_put_nowait(queue, sim_int(7)));
    attempt(sim, sim_queue_put_nowait(queue, sim_int(8)), "None");
    sim_print(sim, "size: %zu, full: %d, empty: %d", sim_queue_size(queue), sim_queue_full(queue),
              sim_queue_empty(queue));
    enum sim_status got = sim_queue_get_nowait(queue, &item);
    attempt(sim, got, describe(sim, item));
    SIM_TRY(sim_queue_task_done(queue));
    attempt(sim, sim_queue_task_done(queue), "None");
    for (int i = 0; i < 2; i++) {
        queue = sim_queue_new(sim, NULL, maxsizes[i]);
        for (int j = 0; j < 100; j++)
            SIM_TRY(sim_queue_put_nowait(queue, sim_int(j)));
        sim_print(sim, "size: %zu of %d, full: %d", sim_queue_size(queue),
                  (int)sim_queue_maxsize(queue), sim_queue_full(queue));
    }
    return SIM_OK;
}

static const struct order orders[] = {
    {"order_queue_priority", priority}, {"order_queue_priority_values", priority_values},
    {"order_queue_shutdown", shutdown}, {"order_queue_shutdown_immediate", shutdown_immediate},
    {"order_queue_errors", errors},     {NULL, NULL},
};

static void queues_of_every_kind_give_what_cpythons_give(void **state)
{
    (void)state;
    orders_agree(orders);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(queues_of_every_kind_give_what_cpythons_give),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
