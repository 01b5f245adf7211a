/* Downloads share two slots; one that fails keeps its own. */
#include "scenarios/scenarios.h"
#include "sim/sim.h"

enum { SLOTS = 2, DOWNLOADS = 3 };

struct site {
    struct sim_semaphore *slots;
    bool always_gives_back;
};

struct download {
    struct site *site;
    const char *name;
    int64_t duration_ns;
    bool broken;
};

static enum sim_status transfer(struct sim *sim, void *arg)
{
    const struct download *download = arg;

    SIM_TRY(sim_sleep(sim, download->duration_ns));
    if (download->broken)
        return sim_raise(sim, SIM_RUNTIME_ERROR, "%s: connection reset", download->name);
    sim_print(sim, "%s: complete", download->name);
    return SIM_OK;
}

static enum sim_status fetch(struct sim *sim, void *arg)
{
    struct download *download = arg;
    struct sim_semaphore *slots = download->site->slots;

    if (download->site->always_gives_back)
        return sim_semaphore_with(slots, transfer, download);
    SIM_TRY(sim_semaphore_acquire(slots));
    SIM_TRY(transfer(sim, download));
    return sim_semaphore_release(slots);
}

static enum sim_status fetch_all(struct sim *sim, bool always_gives_back)
{
    struct site site = {sim_semaphore_new(sim, "slots", SLOTS), always_gives_back};
    struct download downloads[DOWNLOADS] = {
        {&site, "page", 1 * SIM_SECOND, false},
        {&site, "film", 5 * SIM_SECOND, true},
        {&site, "song", 2 * SIM_SECOND, false},
    };
    struct sim_future *tasks[DOWNLOADS];

    for (int i = 0; i < DOWNLOADS; i++)
        tasks[i] = SIM_FUTURE(sim_task_new(sim, downloads[i].name, fetch, &downloads[i]));
    SIM_TRY(sim_await(sim_gather(sim, tasks, DOWNLOADS, true), NULL));
    sim_print(sim, "%lld of %d slots are free", (long long)sim_semaphore_value(site.slots), SLOTS);
    return SIM_OK;
}

static enum sim_status run(struct sim *sim, void *arg)
{
    (void)arg;
    return fetch_all(sim, false);
}

static enum sim_status run_fixed(struct sim *sim, void *arg)
{
    (void)arg;
    return fetch_all(sim, true);
}

const struct sim_scenario download_slots = {
    .name = "download_slots",
    .title = "A failure that keeps its slot",
    .about = "A download that fails skips the line that gives its slot back. All three of them "
             "have an outcome and nothing hangs; there is one slot less from now on, and after the "
             "next failure none.",
    .main = run,
    .async = true,
    .expect = SIM_FINDING_LEAKED_PERMIT,
    .expect_any = SIM_FINDING_LEAKED_PERMIT,
};

const struct sim_scenario download_slots_fixed = {
    .name = "download_slots_fixed",
    .title = "A slot that comes back whatever happens",
    .about = "`async with` gives the slot back on every way out, also where the transfer fails.",
    .main = run_fixed,
    .async = true,
    .expect = SIM_CLEAN,
    .expect_any = SIM_CLEAN,
};
