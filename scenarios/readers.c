/* One thread writes a variable that others read: two outcomes a reader. */
#include "scenarios/scenarios.h"
#include "sim/sim.h"

static enum sim_status write_once(struct sim *sim, void *arg)
{
    struct sim_atomic *shared = arg;

    (void)sim;
    sim_atomic_store(shared, 1);
    return SIM_OK;
}

static enum sim_status read_once(struct sim *sim, void *arg)
{
    struct sim_atomic *shared = arg;

    sim_print(sim, "%lld", (long long)sim_atomic_load(shared));
    return SIM_OK;
}

static enum sim_status run(struct sim *sim, void *arg)
{
    const int64_t *params = arg;
    size_t n = (size_t)params[0];
    struct sim_atomic *shared = sim_atomic_new(sim, "shared", 0);
    struct sim_thread **threads = sim_alloc(sim, n * sizeof(struct sim_thread *));
    struct sim_thread *writer = sim_thread_new(sim, "writer", write_once, shared);

    for (size_t i = 0; i < n; i++)
        threads[i] = sim_thread_new(sim, sim_format(sim, "reader %zu", i + 1), read_once, shared);
    for (size_t i = 0; i < n; i++)
        SIM_TRY(sim_thread_join(threads[i], NULL));
    return sim_thread_join(writer, NULL);
}

const struct sim_scenario readers = {
    .name = "readers",
    .title = "One writer and many readers of a variable",
    .about = "Each reader comes before the write or after it, and reads do not disturb each other: "
             "(n+1)! orders of the threads, but only 2 to the n that differ.",
    .main = run,
    .contained = true,
    .async = false,
    .expect = SIM_CLEAN,
    .expect_any = SIM_CLEAN,
    .params = {{"n", 2, 1, 1000, "how many threads read"}},
};
