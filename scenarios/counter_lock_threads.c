/* The threads of counter_race_threads, with a mutex round the read and the write. */
#include "scenarios/scenarios.h"
#include "sim/sim.h"

struct shared {
    struct sim_mutex *mutex;
    struct sim_var *counter;
};

static enum sim_status increment(struct sim *sim, void *arg)
{
    struct shared *shared = arg;

    (void)sim;
    sim_mutex_lock(shared->mutex);
    int64_t value = sim_read(shared->counter);
    sim_write(shared->counter, value + 1);
    return sim_mutex_unlock(shared->mutex);
}

static enum sim_status run(struct sim *sim, void *arg)
{
    const int64_t *params = arg;
    size_t count = (size_t)params[0];
    struct shared *shared = sim_alloc(sim, sizeof(*shared));
    struct sim_thread **threads = sim_alloc(sim, count * sizeof(struct sim_thread *));

    shared->mutex = sim_mutex_new(sim, "mutex");
    shared->counter = sim_var_new(sim, "counter", 0);
    for (size_t i = 0; i < count; i++)
        threads[i] = sim_thread_new(sim, sim_format(sim, "adder %zu", i + 1), increment, shared);
    for (size_t i = 0; i < count; i++)
        SIM_TRY(sim_thread_join(threads[i], NULL));
    sim_print(sim, "%lld", (long long)sim_read(shared->counter));
    return SIM_OK;
}

const struct sim_scenario counter_lock_threads = {
    .name = "counter_lock_threads",
    .title = "Threads add to a counter under a mutex",
    .about = "The cure for counter_race_threads: the mutex orders each thread's read and write "
             "against all others, whatever the schedule.",
    .main = run,
    .contained = true,
    .async = false,
    .expect = SIM_CLEAN,
    .expect_any = SIM_CLEAN,
    .params = {{"threads", 2, 2, 1000, "how many threads add one"}},
};
