/* Producers and consumers share a buffer: whom a signal wakes, and what is true when it runs. */
#include "scenarios/scenarios.h"
#include "sim/sim.h"

struct buffer {
    struct sim_mutex *mutex;
    struct sim_condvar *room;
    struct sim_condvar *items;
    struct sim_var *count; /* guarded by mutex */
    int64_t capacity;
    int64_t each; /* items that each thread puts or takes */
    bool retest;  /* after a wait */
};

static bool full(struct buffer *buffer)
{
    return sim_read(buffer->count) == buffer->capacity;
}

static bool empty(struct buffer *buffer)
{
    return sim_read(buffer->count) == 0;
}

/* Between the signal and the waiter's return somebody else can have the mutex. */
static enum sim_status wait_once(struct buffer *buffer, struct sim_condvar *condvar,
                                 bool (*must_wait)(struct buffer *))
{
    if (must_wait(buffer))
        SIM_TRY(sim_condvar_wait(condvar, buffer->mutex));
    return SIM_OK;
}

static enum sim_status wait_until(struct buffer *buffer, struct sim_condvar *condvar,
                                  bool (*must_wait)(struct buffer *))
{
    while (must_wait(buffer))
        SIM_TRY(sim_condvar_wait(condvar, buffer->mutex));
    return SIM_OK;
}

static enum sim_status await(struct buffer *buffer, struct sim_condvar *condvar,
                             bool (*must_wait)(struct buffer *))
{
    return buffer->retest ? wait_until(buffer, condvar, must_wait)
                          : wait_once(buffer, condvar, must_wait);
}

static enum sim_status produce(struct sim *sim, void *arg)
{
    struct buffer *buffer = arg;

    for (int64_t i = 0; i < buffer->each; i++) {
        sim_mutex_lock(buffer->mutex);
        SIM_TRY(await(buffer, buffer->room, full));
        int64_t count = sim_read(buffer->count);

        sim_check(sim, count < buffer->capacity, "an item is put into a full buffer");
        sim_write(buffer->count, count + 1);
        sim_condvar_signal(buffer->items);
        SIM_TRY(sim_mutex_unlock(buffer->mutex));
    }
    return SIM_OK;
}

static enum sim_status consume(struct sim *sim, void *arg)
{
    struct buffer *buffer = arg;

    for (int64_t i = 0; i < buffer->each; i++) {
        sim_mutex_lock(buffer->mutex);
        SIM_TRY(await(buffer, buffer->items, empty));
        int64_t count = sim_read(buffer->count);

        sim_check(sim, count > 0, "an item is taken from an empty buffer");
        sim_write(buffer->count, count - 1);
        sim_condvar_signal(buffer->room);
        SIM_TRY(sim_mutex_unlock(buffer->mutex));
    }
    return SIM_OK;
}

/* As many consumers as producers: what is put is taken, and everybody can end. */
static enum sim_status share(struct sim *sim, const int64_t *params, bool one_condvar, bool retest)
{
    size_t pairs = (size_t)params[0];
    struct sim_thread **threads = sim_alloc(sim, 2 * pairs * sizeof(struct sim_thread *));
    struct sim_condvar *room = sim_condvar_new(sim, one_condvar ? "changed" : "room");
    struct buffer buffer = {
        .mutex = sim_mutex_new(sim, "mutex"),
        .room = room,
        .items = one_condvar ? room : sim_condvar_new(sim, "items"),
        .count = sim_var_new(sim, "count", 0),
        .capacity = params[2],
        .each = params[1],
        .retest = retest,
    };

    for (size_t i = 0; i < pairs; i++)
        threads[i] = sim_thread_new(sim, sim_format(sim, "producer %zu", i + 1), produce, &buffer);
    for (size_t i = 0; i < pairs; i++)
        threads[pairs + i] =
            sim_thread_new(sim, sim_format(sim, "consumer %zu", i + 1), consume, &buffer);
    for (size_t i = 0; i < 2 * pairs; i++)
        SIM_TRY(sim_thread_join(threads[i], NULL));
    return SIM_OK;
}

static enum sim_status run(struct sim *sim, void *arg)
{
    return share(sim, arg, true, true);
}

static enum sim_status run_if(struct sim *sim, void *arg)
{
    return share(sim, arg, false, false);
}

static enum sim_status run_fixed(struct sim *sim, void *arg)
{
    return share(sim, arg, false, true);
}

/* clang-format off */
#define PARAMS \
    {{"pairs", 2, 1, 100, "how many producers, and as many consumers"}, \
     {"items", 1, 1, 1000, "how many each of them puts or takes"}, \
     {"capacity", 1, 1, 1000, "how many items fit"}}
/* clang-format on */

const struct sim_scenario bounded_buffer = {
    .name = "bounded_buffer",
    .title = "A buffer with one condition variable too few",
    .about = "A signal meant for a producer wakes a consumer, which waits again and tells nobody. "
             "When both kinds wait for the same condition variable, one signal is not enough: all "
             "of them sleep, though there is room.",
    .main = run,
    .contained = true,
    .async = false,
    .expect = SIM_CLEAN,
    .expect_any = SIM_FINDING_LOST_WAKEUP,
    .params = PARAMS,
};

const struct sim_scenario bounded_buffer_if = {
    .name = "bounded_buffer_if",
    .title = "A buffer that is tested once",
    .about = "Who was woken because there is an item may find none: another consumer was quicker. "
             "`if` in place of `while` takes from an empty buffer.",
    .main = run_if,
    .contained = true,
    .async = false,
    .expect = SIM_CLEAN,
    .expect_any = SIM_FINDING_CHECK,
    .params = PARAMS,
};

const struct sim_scenario bounded_buffer_fixed = {
    .name = "bounded_buffer_fixed",
    .title = "A buffer with two condition variables",
    .about = "One condition variable for each thing to wait for, and a loop round each wait: every "
             "signal reaches somebody who can use it.",
    .main = run_fixed,
    .contained = true,
    .async = false,
    .expect = SIM_CLEAN,
    .expect_any = SIM_CLEAN,
    .params = PARAMS,
};
