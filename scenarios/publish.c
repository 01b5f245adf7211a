/* A writer makes a new version and points the readers to it, who need no lock: read-copy-update. */
#include "scenarios/scenarios.h"
#include "sim/sim.h"

struct version {
    struct sim_var *price;
    struct sim_var *tax;
};

struct offer {
    struct version versions[2];
    struct sim_atomic *current; /* which one readers use */
    bool written_first;
};

static void write_version(struct version *version)
{
    sim_write(version->price, 200);
    sim_write(version->tax, 20);
}

static enum sim_status update(struct sim *sim, void *arg)
{
    struct offer *offer = arg;

    (void)sim;
    if (offer->written_first)
        write_version(&offer->versions[1]);
    sim_atomic_store(offer->current, 1);
    if (!offer->written_first)
        write_version(&offer->versions[1]);
    return SIM_OK;
}

static enum sim_status look(struct sim *sim, void *arg)
{
    struct offer *offer = arg;
    const struct version *version = &offer->versions[sim_atomic_load(offer->current)];
    long long price = sim_read(version->price);
    long long tax = sim_read(version->tax);
    bool right = price > 0 && price == 10 * tax;

    sim_check(sim, right, "a tax of %lld on a price of %lld", tax, price);
    return SIM_OK;
}

static enum sim_status offer(struct sim *sim, const int64_t *params, bool written_first)
{
    size_t count = (size_t)params[0];
    struct sim_thread **threads = sim_alloc(sim, count * sizeof(struct sim_thread *));
    struct offer offer = {
        .versions = {{sim_var_new(sim, "old price", 100), sim_var_new(sim, "old tax", 10)},
                     {sim_var_new(sim, "new price", 0), sim_var_new(sim, "new tax", 0)}},
        .current = sim_atomic_new(sim, "current", 0),
        .written_first = written_first,
    };
    struct sim_thread *writer = sim_thread_new(sim, "writer", update, &offer);

    for (size_t i = 0; i < count; i++)
        threads[i] = sim_thread_new(sim, sim_format(sim, "reader %zu", i + 1), look, &offer);
    for (size_t i = 0; i < count; i++)
        SIM_TRY(sim_thread_join(threads[i], NULL));
    return sim_thread_join(writer, NULL);
}

static enum sim_status run(struct sim *sim, void *arg)
{
    return offer(sim, arg, false);
}

static enum sim_status run_fixed(struct sim *sim, void *arg)
{
    return offer(sim, arg, true);
}

const struct sim_scenario publish = {
    .name = "publish",
    .title = "A pointer is published before what it points to",
    .about = "Readers follow the pointer as soon as it is there, whether or not the rest is. Some "
             "see a version without contents, or with half of them.",
    .main = run,
    .contained = true,
    .async = false,
    .expect = SIM_FINDING_DATA_RACE,
    .expect_any = SIM_FINDING_CHECK,
    .params = {{"readers", 2, 1, 1000, "how many threads read"}},
};

const struct sim_scenario publish_fixed = {
    .name = "publish_fixed",
    .title = "A pointer is published after what it points to",
    .about = "Who sees the new pointer sees all that was written before it: each reader has the "
             "old version or the new one, and never a mixture.",
    .main = run_fixed,
    .contained = true,
    .async = false,
    .expect = SIM_CLEAN,
    .expect_any = SIM_CLEAN,
    .params = {{"readers", 2, 1, 1000, "how many threads read"}},
};
