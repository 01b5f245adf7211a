/* Threads write a variable that one reads: the order of writes that nobody reads hardly matters. */
#include "scenarios/scenarios.h"
#include "sim/sim.h"

struct writer {
    struct sim_atomic *shared;
    int64_t value;
};

static enum sim_status write_once(struct sim *sim, void *arg)
{
    struct writer *self = arg;

    (void)sim;
    sim_atomic_store(self->shared, self->value);
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
    struct writer *writers = sim_alloc(sim, n * sizeof(*writers));
    struct sim_thread **threads = sim_alloc(sim, n * sizeof(struct sim_thread *));

    for (size_t i = 0; i < n; i++) {
        writers[i] = (struct writer){shared, (int64_t)i + 1};
        threads[i] =
            sim_thread_new(sim, sim_format(sim, "writer %zu", i + 1), write_once, &writers[i]);
    }
    struct sim_thread *reader = sim_thread_new(sim, "reader", read_once, shared);

    for (size_t i = 0; i < n; i++)
        SIM_TRY(sim_thread_join(threads[i], NULL));
    return sim_thread_join(reader, NULL);
}

const struct sim_scenario writers_reader = {
    .name = "writers_reader",
    .title = "Many writers and one reader of a variable",
    .about =
        "The reader sees one of n+1 values, though the threads have (n+1)! orders: most writes "
        "are overwritten before anybody looks.",
    .main = run,
    .contained = true,
    .async = false,
    .expect = SIM_CLEAN,
    .expect_any = SIM_CLEAN,
    .params = {{"n", 2, 1, 1000, "how many threads write"}},
};
