/* Threads add to a counter without a lock: each may be interrupted between its read and its write.
 */
#include "scenarios/scenarios.h"
#include "sim/sim.h"

struct adder {
    struct sim_var *counter;
    int64_t rounds;
};

static enum sim_status increment(struct sim *sim, void *arg)
{
    struct adder *self = arg;

    (void)sim;
    for (int64_t i = 0; i < self->rounds; i++) {
        int64_t value = sim_read(self->counter);
        sim_write(self->counter, value + 1);
    }
    return SIM_OK;
}

static enum sim_status run(struct sim *sim, void *arg)
{
    const int64_t *params = arg;
    size_t count = (size_t)params[0];
    struct adder adder = {sim_var_new(sim, "counter", 0), params[1]};
    struct sim_thread **threads = sim_alloc(sim, count * sizeof(struct sim_thread *));

    for (size_t i = 0; i < count; i++)
        threads[i] = sim_thread_new(sim, sim_format(sim, "adder %zu", i + 1), increment, &adder);
    for (size_t i = 0; i < count; i++)
        SIM_TRY(sim_thread_join(threads[i], NULL));
    sim_print(sim, "%lld", (long long)sim_read(adder.counter));
    return SIM_OK;
}

const struct sim_scenario counter_race_threads = {
    .name = "counter_race_threads",
    .title = "Threads add to a counter without a lock",
    .about = "Nothing orders one thread's read and write against the other's. Run one after the "
             "other the sum is right, which is luck; some schedules switch threads between the "
             "read and the write, and an addition is lost.",
    .main = run,
    .contained = true,
    .async = false,
    .expect = SIM_FINDING_DATA_RACE,
    .expect_any = SIM_FINDING_LOST_UPDATE,
    .params = {{"threads", 2, 2, 1000, "how many threads add"},
               {"rounds", 1, 1, 1000, "how often each of them adds one"}},
};
