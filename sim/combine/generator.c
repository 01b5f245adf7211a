#include "sim/combine/generator.h"

#include <string.h>

#include "sim/combine/gather.h"
#include "sim/core/task_state.h"

/* Runs on a fiber of its own, as part of whoever asks: while it runs, that fiber stands in for the
 * task's (or, outside tasks, the thread's), so that what body waits for suspends it there. */
struct sim_generator {
    struct list_node link; /* in its loop's list of asynchronous generators, from the first step */
    struct sim *sim;
    struct fiber *fiber; /* NULL before it begins and when it has ended */
    struct fiber *asker; /* whom to go back to, while it runs */
    sim_generator_fn body;
    void *arg;
    struct sim_value value; /* given, or sent */
    const struct sim_exception *thrown;
    enum sim_status status; /* with which body ended */
    bool async;
    bool running;
    bool ended;
};

struct sim *sim_generator_sim(const struct sim_generator *generator)
{
    return generator->sim;
}

/* Where whoever runs now goes on, to be set and put back. */
static struct fiber **current_fiber(struct sim *sim)
{
    struct sim_thread *thread = sim->running;

    return thread->task != NULL ? &thread->task->fiber : &thread->fiber;
}

static void generator_main(void *arg)
{
    struct sim_generator *generator = arg;

    generator->status = generator->body(generator, generator->arg);
    generator->ended = true;
    fiber_leave(generator->asker);
}

enum sim_status sim_yield(struct sim_generator *generator, struct sim_value value,
                          struct sim_value *sent)
{
    struct sim *sim = generator->sim;

    SIM_ASSERT(generator->running);
    generator->value = value;
    fiber_switch(generator->fiber, generator->asker);
    if (generator->thrown != NULL) {
        const struct sim_exception *thrown = generator->thrown;

        generator->thrown = NULL;
        *sim_raised(sim) = thrown;
        return thrown->kind;
    }
    if (sent != NULL)
        *sent = generator->value;
    return SIM_OK;
}

static enum sim_status close_one(struct sim *sim, void *arg)
{
    (void)sim;
    return sim_generator_close(arg);
}

/* As loop.shutdown_asyncgens. */
static enum sim_status close_them(struct sim *sim, void *arg)
{
    struct sim_loop *loop = arg;
    size_t count = 0;

    LIST_EACH(node, &loop->generators)
    {
        count++;
    }
    if (count == 0)
        return SIM_OK;
    struct sim_future **tasks = sim_alloc(sim, count * sizeof(struct sim_future *));
    size_t i = 0;

    LIST_EACH(node, &loop->generators)
    {
        tasks[i++] =
            SIM_FUTURE((sim_task_new)(sim, NULL, close_one,
                                      container_of(node, struct sim_generator, link), NULL));
    }
    struct sim_value results;

    return (sim_await)((sim_gather)(sim, tasks, count, true, NULL), &results, NULL);
}

static void close_all(struct sim_loop *loop)
{
    struct sim_task *task = task_create(loop, NULL, close_them, loop, NULL, NULL);

    task_push(task);
    (void)loop_run_until_done(loop, SIM_FUTURE(task));
}

static struct sim_generator *generator_new(struct sim *sim, sim_generator_fn body, void *arg,
                                           bool async)
{
    struct sim_generator *generator = sim_alloc(sim, sizeof(*generator));

    generator->sim = sim;
    generator->body = body;
    generator->arg = arg;
    generator->async = async;
    list_init(&generator->link);
    return generator;
}

struct sim_generator *sim_generator_new(struct sim *sim, sim_generator_fn body, void *arg)
{
    return generator_new(sim, body, arg, false);
}

struct sim_generator *sim_async_generator_new(struct sim *sim, sim_generator_fn body, void *arg)
{
    /* It may begin in the turns in which the loop is closed, and is closed all the same. */
    sim->close_generators = close_all;
    return generator_new(sim, body, arg, true);
}

static void begin(struct sim_generator *generator)
{
    struct sim *sim = generator->sim;
    struct sim_loop *loop = loop_running(sim);

    generator->fiber = fiber_new(sim->fibers, generator_main, generator);
    if (generator->fiber == NULL)
        sim_out_of_memory(sim);
    generator->fiber->actor = sim_actor(sim);
    if (generator->async && loop != NULL)
        list_append(&loop->generators, &generator->link);
}

static void run(struct sim_generator *generator)
{
    struct sim *sim = generator->sim;
    struct fiber **current = current_fiber(sim);
    struct fiber *asker = *current;

    generator->running = true;
    generator->asker = asker;
    *current = generator->fiber;
    fiber_switch(asker, generator->fiber);
    *current_fiber(sim) = asker;
    generator->running = false;
    if (fiber_overrun(generator->fiber))
        sim_abandon(sim, SIM_OUTCOME_OVERFLOW);
    if (generator->ended) {
        fiber_release(sim->fibers, generator->fiber);
        generator->fiber = NULL;
        list_remove(&generator->link);
    }
}

static enum sim_status stop(struct sim_generator *generator)
{
    return sim_raise(generator->sim,
                     generator->async ? SIM_STOP_ASYNC_ITERATION : SIM_STOP_ITERATION, "%s", "");
}

/* How a body that has just ended tells: a StopIteration that it lets out is a mistake. */
static enum sim_status end(struct sim_generator *generator)
{
    enum sim_status status = generator->status;

    if (status == SIM_OK)
        return stop(generator);
    if (status == SIM_STOP_ITERATION || (generator->async && status == SIM_STOP_ASYNC_ITERATION))
        return sim_raise(generator->sim, SIM_RUNTIME_ERROR, "%s raised %s",
                         generator->async ? "async generator" : "generator",
                         sim_status_name(status));
    return status;
}

static enum sim_status busy(struct sim_generator *generator, const char *operation)
{
    if (generator->async)
        return sim_raise(generator->sim, SIM_RUNTIME_ERROR,
                         "%s(): asynchronous generator is already running", operation);
    return sim_raise(generator->sim, SIM_VALUE_ERROR, "generator already executing");
}

static enum sim_status step(struct sim_generator *generator, struct sim_value sent,
                            struct sim_value *value)
{
    generator->value = sent;
    run(generator);
    if (generator->ended)
        return end(generator);
    if (value != NULL)
        *value = generator->value;
    return SIM_OK;
}

static enum sim_status ask(struct sim_generator *generator, const char *operation,
                           struct sim_value sent, struct sim_value *value)
{
    if (generator->running)
        return busy(generator, operation);
    if (generator->ended)
        return stop(generator);
    if (generator->fiber == NULL) {
        if (sent.type != SIM_NONE)
            return sim_raise(generator->sim, SIM_TYPE_ERROR,
                             "can't send non-None value to a just-started %s",
                             generator->async ? "async generator" : "generator");
        begin(generator);
    }
    return step(generator, sent, value);
}

enum sim_status sim_generator_next(struct sim_generator *generator, struct sim_value *value)
{
    return ask(generator, "anext", sim_none(), value);
}

enum sim_status sim_generator_send(struct sim_generator *generator, struct sim_value sent,
                                   struct sim_value *value)
{
    return ask(generator, "asend", sent, value);
}

static enum sim_status throw_in(struct sim_generator *generator, const char *operation,
                                const struct sim_exception *thrown, struct sim_value *value)
{
    struct sim *sim = generator->sim;

    if (generator->running)
        return busy(generator, operation);
    if (generator->fiber == NULL) {
        /* It has not begun, or has ended: nothing in it can catch. */
        bool ended = generator->ended;

        generator->ended = true;
        if (ended && generator->async)
            return stop(generator);
        *sim_raised(sim) = thrown;
        return thrown->kind;
    }
    generator->thrown = thrown;
    return step(generator, sim_none(), value);
}

enum sim_status sim_generator_throw(struct sim_generator *generator, enum sim_status kind,
                                    const char *message, struct sim_value *value)
{
    struct sim *sim = generator->sim;

    return throw_in(generator, "athrow",
                    sim_exception_new(sim, kind, sim_strdup(sim, message), NULL), value);
}

enum sim_status sim_generator_close(struct sim_generator *generator)
{
    struct sim *sim = generator->sim;

    if (generator->running)
        return busy(generator, "aclose");
    if (generator->fiber == NULL) {
        generator->ended = true;
        return SIM_OK;
    }
    enum sim_status status =
        throw_in(generator, "aclose", sim_exception_new(sim, SIM_GENERATOR_EXIT, "", NULL), NULL);

    if (status == SIM_OK)
        return sim_raise(sim, SIM_RUNTIME_ERROR, "%s ignored GeneratorExit",
                         generator->async ? "async generator" : "generator");
    return status == SIM_GENERATOR_EXIT || generator->status == SIM_OK ? SIM_OK : status;
}

enum sim_status sim_generator_each(struct sim_generator *generator, sim_each_fn each, void *arg)
{
    enum sim_status end = generator->async ? SIM_STOP_ASYNC_ITERATION : SIM_STOP_ITERATION;
    struct sim_value value = sim_none();
    enum sim_status status = sim_generator_next(generator, &value);

    for (; status == SIM_OK; status = sim_generator_next(generator, &value))
        SIM_TRY(each(generator->sim, arg, value));
    return status == end ? SIM_OK : status;
}

struct collection {
    struct sim_value *items;
    size_t count;
    size_t capacity;
};

static enum sim_status collect(struct sim *sim, void *arg, struct sim_value value)
{
    struct collection *all = arg;

    if (all->count == all->capacity) {
        size_t capacity = all->capacity == 0 ? 8 : 2 * all->capacity;
        struct sim_value *items = sim_alloc(sim, capacity * sizeof(*items));

        if (all->count > 0)
            memcpy(items, all->items, all->count * sizeof(*items));
        all->items = items;
        all->capacity = capacity;
    }
    all->items[all->count++] = value;
    return SIM_OK;
}

enum sim_status sim_generator_collect(struct sim_generator *generator, struct sim_value *list)
{
    struct collection all = {0};

    SIM_TRY(sim_generator_each(generator, collect, &all));
    *list =
        (struct sim_value){.type = SIM_LIST, .count = (uint32_t)all.count, .as.items = all.items};
    return SIM_OK;
}

enum sim_status sim_with(struct sim *sim, const struct sim_manager *manager, sim_body_fn body,
                         void *arg)
{
    SIM_TRY(manager->enter(sim, manager->self));
    return manager->exit(sim, manager->self, body(sim, arg));
}
