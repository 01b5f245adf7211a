/* Threads add to an atomic counter: nobody can come between its read and its write. */
#include "scenarios/scenarios.h"
#include "sim/sim.h"

struct adder {
    struct sim_atomic *counter;
    int64_t rounds;
};

static enum sim_status increment(struct sim *sim, void *arg)
{
    struct adder *self = arg;

    (void)sim;
    for (int64_t i = 0; i < self->rounds; i++)
        sim_atomic_fetch_add(self->counter, 1);
    return SIM_OK;
}

static enum sim_status run(struct sim *sim, void *arg)
{
    const int64_t *params = arg;
    size_t count = (size_t)params[0];
    struct adder adder = {sim_atomic_new(sim, "counter", 0), params[1]};
    struct sim_thread **threads = sim_alloc(sim, count * sizeof(struct sim_thread *));

    for (size_t i = 0; i < count; i++)
        threads[i] = sim_thread_new(sim, sim_format(sim, "adder %zu", i + 1), increment, &adder);
    for (size_t i = 0; i < count; i++)
        SIM_TRY(sim_thread_join(threads[i], NULL));
    int64_t sum = sim_atomic_load(adder.counter);
    int64_t due = params[0] * params[1];

    sim_check(sim, sum == due, "%lld is not %lld", (long long)sum, (long long)due);
    sim_print(sim, "%lld", (long long)sum);
    return SIM_OK;
}

const struct sim_scenario counter_atomic = {
    .name = "counter_atomic",
    .title = "Threads add to an atomic counter",
    .about = "To read, add and write in one step needs no lock and loses nothing. The order of the "
             "additions still makes (threads*rounds)! / rounds!^threads different runs.",
    .main = run,
    .contained = true,
    .async = false,
    .expect = SIM_CLEAN,
    .expect_any = SIM_CLEAN,
    .params = {{"threads", 2, 1, 1000, "how many threads add"},
               {"rounds", 2, 1, 1000, "how often each of them adds one"}},
};
