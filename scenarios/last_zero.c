/* Writers fill an array, each from its neighbour's place, and one thread looks for the last zero: a
 * measure of searches (lastzero in Abdulla, Aronis, Jonsson and Sagonas, Optimal DPOR, POPL 2014).
 */
#include "scenarios/scenarios.h"
#include "sim/sim.h"

struct place {
    struct sim_atomic *from;
    struct sim_atomic *to;
};

struct search {
    struct sim_atomic **array;
    size_t last; /* index */
};

static enum sim_status fill(struct sim *sim, void *arg)
{
    struct place *place = arg;

    (void)sim;
    sim_atomic_store(place->to, sim_atomic_load(place->from) + 1);
    return SIM_OK;
}

/* Nobody writes the first place: the search ends there at the latest. */
static enum sim_status search(struct sim *sim, void *arg)
{
    struct search *self = arg;
    size_t i = self->last;

    while (sim_atomic_load(self->array[i]) != 0)
        i--;
    sim_print(sim, "the last zero is at %zu", i);
    return SIM_OK;
}

static enum sim_status run(struct sim *sim, void *arg)
{
    const int64_t *params = arg;
    size_t n = (size_t)params[0];
    struct sim_atomic **array = sim_alloc(sim, (n + 1) * sizeof(struct sim_atomic *));
    struct place *places = sim_alloc(sim, n * sizeof(*places));
    struct sim_thread **threads = sim_alloc(sim, n * sizeof(struct sim_thread *));
    struct search last = {array, n};

    for (size_t i = 0; i <= n; i++)
        array[i] = sim_atomic_new(sim, sim_format(sim, "array[%zu]", i), 0);
    struct sim_thread *searcher = sim_thread_new(sim, "searcher", search, &last);

    for (size_t i = 0; i < n; i++) {
        places[i] = (struct place){array[i], array[i + 1]};
        threads[i] = sim_thread_new(sim, sim_format(sim, "writer %zu", i + 1), fill, &places[i]);
    }
    for (size_t i = 0; i < n; i++)
        SIM_TRY(sim_thread_join(threads[i], NULL));
    return sim_thread_join(searcher, NULL);
}

const struct sim_scenario last_zero = {
    .name = "last_zero",
    .title = "The last zero of an array that is being filled",
    .about = "Which accesses depend on each other is known only while the search runs: how far it "
             "reads depends on what it reads. A measure of how many schedules differ.",
    .main = run,
    .contained = true,
    .async = false,
    .expect = SIM_CLEAN,
    .expect_any = SIM_CLEAN,
    .params = {{"n", 2, 1, 100, "how many threads write"}},
};
