/* Generators, plain and asynchronous: what they give, and what misuse of them raises. */
#include "tests/conformance/order.h"

static const char *value_text(struct sim *sim, struct sim_value value)
{
    if (value.type == SIM_INT)
        return sim_format(sim, "%lld", (long long)value.as.integer);
    return value.type == SIM_STR ? value.as.string : "None";
}

static void report(struct sim *sim, const char *what, enum sim_status status,
                   struct sim_value value)
{
    sim_print(sim, "%s: %s", what,
              status == SIM_OK ? value_text(sim, value) : outcome(sim, status));
}

static void ask(struct sim_generator *generator, const char *what)
{
    struct sim *sim = sim_generator_sim(generator);
    struct sim_value value = sim_none();
    enum sim_status status = sim_generator_next(generator, &value);

    report(sim, what, status, value);
}

static void send(struct sim_generator *generator, const char *what, struct sim_value sent)
{
    struct sim *sim = sim_generator_sim(generator);
    struct sim_value value = sim_none();
    enum sim_status status = sim_generator_send(generator, sent, &value);

    report(sim, what, status, value);
}

static void throw_in(struct sim_generator *generator, const char *what, const char *message)
{
    struct sim *sim = sim_generator_sim(generator);
    struct sim_value value = sim_none();
    enum sim_status status = sim_generator_throw(generator, SIM_VALUE_ERROR, message, &value);

    report(sim, what, status, value);
}

static void close_it(struct sim_generator *generator, const char *what)
{
    report(sim_generator_sim(generator), what, sim_generator_close(generator), sim_none());
}

/* ---- Plain ones. ---- */

static enum sim_status numbers(struct sim_generator *generator, void *arg)
{
    struct sim *sim = sim_generator_sim(generator);
    const int *count = arg;

    for (int number = 0; number < *count; number++) {
        sim_print(sim, "gives %d", number);
        SIM_TRY(sim_yield(generator, sim_int(number), NULL));
    }
    sim_print(sim, "ends");
    return SIM_OK;
}

static enum sim_status echo(struct sim_generator *generator, void *arg)
{
    struct sim *sim = sim_generator_sim(generator);
    struct sim_value heard = sim_none();

    (void)arg;
    for (;;) {
        enum sim_status status = sim_yield(generator, heard, &heard);

        if (status == SIM_VALUE_ERROR)
            heard =
                sim_str(sim_format(sim, "caught %s", sim_exception_message(sim_exception(sim))));
        else if (status == SIM_GENERATOR_EXIT)
            sim_print(sim, "closed");
        if (status != SIM_OK && status != SIM_VALUE_ERROR)
            return status;
    }
}

static enum sim_status stubborn(struct sim_generator *generator, void *arg)
{
    (void)arg;
    if (sim_yield(generator, sim_int(1), NULL) == SIM_GENERATOR_EXIT)
        return sim_yield(generator, sim_int(2), NULL);
    return SIM_OK;
}

static enum sim_status failing(struct sim_generator *generator, void *arg)
{
    (void)arg;
    SIM_TRY(sim_yield(generator, sim_int(1), NULL));
    return sim_raise(sim_generator_sim(generator), SIM_LOOKUP_ERROR, "from within");
}

static enum sim_status leaking(struct sim_generator *generator, void *arg)
{
    (void)arg;
    SIM_TRY(sim_yield(generator, sim_int(1), NULL));
    return sim_raise(sim_generator_sim(generator), SIM_STOP_ITERATION, "%s", "");
}

static enum sim_status selfish(struct sim_generator *generator, void *arg)
{
    struct sim_value value;

    (void)arg;
    SIM_TRY(sim_generator_next(generator, &value));
    return sim_yield(generator, value, NULL);
}

struct texts {
    const char *all;
    int stop_at; /* negative: nowhere */
};

static enum sim_status add_text(struct sim *sim, void *arg, struct sim_value value)
{
    struct texts *texts = arg;

    texts->all = sim_format(sim, "%s%s%lld", texts->all, *texts->all == '\0' ? "" : " ",
                            (long long)value.as.integer);
    return value.as.integer == texts->stop_at ? SIM_EXCEPTION : SIM_OK;
}

static void endings(struct sim *sim)
{
    static int three = 3;
    struct sim_value value;
    struct sim_generator *deaf = sim_generator_new(sim, stubborn, NULL);
    struct sim_generator *broken = sim_generator_new(sim, failing, NULL);
    struct sim_generator *leaks = sim_generator_new(sim, leaking, NULL);

    assert_int_equal(sim_generator_next(deaf, &value), SIM_OK);
    close_it(deaf, "stubborn");
    assert_int_equal(sim_generator_next(broken, &value), SIM_OK);
    ask(broken, "failing");
    ask(broken, "failed");
    assert_int_equal(sim_generator_next(leaks, &value), SIM_OK);
    ask(leaks, "leaking");
    ask(sim_generator_new(sim, selfish, NULL), "itself");
    close_it(sim_generator_new(sim, numbers, &three), "never begun");
}

static enum sim_status order_generator(struct sim *sim, void *arg)
{
    static int counts[] = {2, 3, 5};
    struct sim_generator *two = sim_generator_new(sim, numbers, &counts[0]);
    struct sim_generator *talk = sim_generator_new(sim, echo, NULL);
    struct sim_generator *fresh = sim_generator_new(sim, echo, NULL);
    struct sim_generator *inner = sim_generator_new(sim, numbers, &counts[2]);
    struct texts texts = {"", -1};

    (void)arg;
    for (int i = 0; i < 4; i++)
        ask(two, "next");
    send(talk, "send too early", sim_int(1));
    ask(talk, "begin");
    send(talk, "send", sim_str("hello"));
    throw_in(talk, "throw", "oops");
    close_it(talk, "close");
    close_it(talk, "close again");
    ask(talk, "after close");
    throw_in(talk, "throw after close", "late");
    throw_in(fresh, "throw into a fresh one", "early");
    ask(fresh, "and then");
    endings(sim);
    SIM_TRY(sim_generator_each(sim_generator_new(sim, numbers, &counts[1]), add_text, &texts));
    sim_print(sim, "all: %s", texts.all);
    texts = (struct texts){"", 1};
    assert_int_equal(sim_generator_each(inner, add_text, &texts), SIM_EXCEPTION);
    texts = (struct texts){"", -1};
    SIM_TRY(sim_generator_each(inner, add_text, &texts));
    sim_print(sim, "rest: %s", texts.all);
    return SIM_OK;
}

/* ---- Asynchronous ones. ---- */

struct counting {
    const char *name;
    int count;
};

static enum sim_status count_up(struct sim_generator *generator, const struct counting *self)
{
    struct sim *sim = sim_generator_sim(generator);

    for (int number = 0; number < self->count; number++) {
        SIM_TRY(sim_sleep(sim, SIM_SECOND));
        SIM_TRY(sim_yield(generator, sim_int(number), NULL));
    }
    sim_print(sim, "%s ends", self->name);
    return SIM_OK;
}

static enum sim_status async_numbers(struct sim_generator *generator, void *arg)
{
    struct sim *sim = sim_generator_sim(generator);
    const struct counting *self = arg;
    enum sim_status status = count_up(generator, self);

    sim_print(sim, "%s cleans up", self->name);
    SIM_TRY(sim_sleep(sim, SIM_SECOND / 2));
    sim_print(sim, "%s is clean", self->name);
    return status;
}

static enum sim_status async_echo(struct sim_generator *generator, void *arg)
{
    struct sim *sim = sim_generator_sim(generator);
    struct sim_value heard = sim_str("first");

    (void)arg;
    for (;;) {
        enum sim_status status = sim_yield(generator, heard, &heard);

        if (status == SIM_OK)
            status = sim_sleep(sim, 0);
        if (status == SIM_VALUE_ERROR)
            heard =
                sim_str(sim_format(sim, "caught %s", sim_exception_message(sim_exception(sim))));
        else if (status != SIM_OK)
            return status;
    }
}

static enum sim_status say_given(struct sim *sim, void *arg, struct sim_value value)
{
    (void)arg;
    sim_print(sim, "a gave %d", (int)value.as.integer);
    return SIM_OK;
}

struct reading {
    const char *name;
    struct sim_generator *source;
};

static enum sim_status say_had(struct sim *sim, void *arg, struct sim_value value)
{
    const struct reading *self = arg;

    sim_print(sim, "%s has %d", self->name, (int)value.as.integer);
    return SIM_OK;
}

static enum sim_status reader(struct sim *sim, void *arg)
{
    struct reading *self = arg;
    enum sim_status status = sim_generator_each(self->source, say_had, self);

    if (status == SIM_CANCELLED)
        sim_print(sim, "%s cancelled", self->name);
    return status;
}

static enum sim_status ask_as(struct sim *sim, void *arg)
{
    const struct reading *self = arg;

    (void)sim;
    ask(self->source, self->name);
    return SIM_OK;
}

static enum sim_status share(struct sim *sim)
{
    static struct counting c = {"c", 3};
    struct sim_generator *shared = sim_async_generator_new(sim, async_numbers, &c);
    struct reading first = {"first", shared};
    struct reading second = {"second", shared};
    struct sim_task *tasks[] = {sim_task_new(sim, NULL, ask_as, &first),
                                sim_task_new(sim, NULL, ask_as, &second)};

    SIM_TRY(sim_await(tasks[0], NULL));
    SIM_TRY(sim_await(tasks[1], NULL));
    close_it(shared, "shared");
    return SIM_OK;
}

static enum sim_status cancel_a_reader(struct sim *sim)
{
    static struct counting d = {"d", 9};
    struct reading self = {"reader", sim_async_generator_new(sim, async_numbers, &d)};
    struct sim_task *task = sim_task_new(sim, NULL, reader, &self);

    SIM_TRY(sim_sleep(sim, 3 * SIM_SECOND / 2));
    sim_cancel(task, NULL);
    if (sim_await(task, NULL) == SIM_CANCELLED)
        sim_print(sim, "main: cancelled");
    ask(self.source, "d");
    return SIM_OK;
}

static enum sim_status order_async_generator(struct sim *sim, void *arg)
{
    static struct counting countings[] = {{"a", 2}, {"b", 3}, {"left", 5}};
    struct sim_generator *talk = sim_async_generator_new(sim, async_echo, NULL);
    struct sim_generator *deaf = sim_async_generator_new(sim, stubborn, NULL);
    struct sim_generator *left = sim_async_generator_new(sim, async_numbers, &countings[2]);
    struct sim_value value;

    (void)arg;
    SIM_TRY(sim_generator_each(sim_async_generator_new(sim, async_numbers, &countings[0]),
                               say_given, NULL));
    SIM_TRY(
        sim_generator_collect(sim_async_generator_new(sim, async_numbers, &countings[1]), &value));
    assert_int_equal(value.count, 3);
    sim_print(sim, "[%d, %d, %d]", (int)value.as.items[0].as.integer,
              (int)value.as.items[1].as.integer, (int)value.as.items[2].as.integer);
    send(talk, "too early", sim_int(1));
    ask(talk, "begin");
    send(talk, "asend", sim_str("hello"));
    throw_in(talk, "athrow", "oops");
    close_it(talk, "aclose");
    ask(talk, "after");
    SIM_TRY(sim_generator_next(deaf, NULL));
    close_it(deaf, "stubborn");
    SIM_TRY(share(sim));
    SIM_TRY(cancel_a_reader(sim));
    SIM_TRY(sim_generator_next(left, &value));
    sim_print(sim, "left gave %d", (int)value.as.integer);
    sim_print(sim, "main returns");
    return SIM_OK;
}

static void plain_generators_agree(void **state)
{
    (void)state;
    assert_true(twin_agrees_of(sim_run, "order_generator", order_generator, NULL));
}

static void asynchronous_generators_agree(void **state)
{
    (void)state;
    assert_true(twin_agrees("order_async_generator", order_async_generator, NULL));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(plain_generators_agree),
        cmocka_unit_test(asynchronous_generators_agree),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
