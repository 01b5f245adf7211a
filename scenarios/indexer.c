/* Threads insert their keys into one hash table without a lock (indexer in Flanagan and Godefroid,
 * Dynamic partial-order reduction, POPL 2005). */
#include "scenarios/scenarios.h"
#include "sim/sim.h"

enum { SLOTS = 128, KEYS = 4 };

struct indexer {
    struct sim_atomic **table;
    int64_t id;
};

static enum sim_status insert_keys(struct sim *sim, void *arg)
{
    struct indexer *self = arg;

    (void)sim;
    for (int64_t m = 1; m <= KEYS; m++) {
        int64_t key = m * 11 + self->id;
        int64_t slot = key * 7 % SLOTS;
        int64_t empty = 0;

        while (!sim_atomic_compare_exchange(self->table[slot], &empty, key)) {
            slot = (slot + 1) % SLOTS;
            empty = 0;
        }
    }
    return SIM_OK;
}

static enum sim_status run(struct sim *sim, void *arg)
{
    const int64_t *params = arg;
    size_t n = (size_t)params[0];
    struct sim_atomic *table[SLOTS];
    struct indexer *indexers = sim_alloc(sim, n * sizeof(*indexers));
    struct sim_thread **threads = sim_alloc(sim, n * sizeof(struct sim_thread *));
    size_t full = 0;

    for (size_t i = 0; i < SLOTS; i++)
        table[i] = sim_atomic_new(sim, sim_format(sim, "table[%zu]", i), 0);
    for (size_t i = 0; i < n; i++) {
        indexers[i] = (struct indexer){table, (int64_t)i};
        threads[i] =
            sim_thread_new(sim, sim_format(sim, "indexer %zu", i), insert_keys, &indexers[i]);
    }
    for (size_t i = 0; i < n; i++)
        SIM_TRY(sim_thread_join(threads[i], NULL));
    for (size_t i = 0; i < SLOTS; i++)
        full += sim_atomic_load(table[i]) != 0;
    sim_check(sim, full == n * KEYS, "%zu of %zu keys are in the table", full, n * KEYS);
    return SIM_OK;
}

const struct sim_scenario indexer = {
    .name = "indexer",
    .title = "Threads fill a hash table by compare-exchange",
    .about = "Up to 11 threads never meet in a slot, so every schedule does the same; from 12 on "
             "some do. Who only looks at the program cannot know which, who watches a run can.",
    .main = run,
    .contained = true,
    .async = false,
    .expect = SIM_CLEAN,
    .expect_any = SIM_CLEAN,
    .params = {{"n", 2, 1, 32, "how many threads insert four keys each"}},
};
