/* Main waits until all parcels are dealt with; the worker does not say so of the bad ones. */
#include "scenarios/scenarios.h"
#include "sim/sim.h"

enum { PARCELS = 3, BAD = 2 };

struct office {
    struct sim_queue *parcels;
    bool always_says_so;
};

static enum sim_status deliver(struct sim *sim, struct office *office, int64_t parcel)
{
    SIM_TRY(sim_sleep(sim, 1 * SIM_SECOND));
    if (parcel == BAD) {
        sim_print(sim, "parcel %lld: no such address", (long long)parcel);
        if (!office->always_says_so)
            return SIM_OK;
    } else {
        sim_print(sim, "parcel %lld: delivered", (long long)parcel);
    }
    return sim_queue_task_done(office->parcels);
}

static enum sim_status work(struct sim *sim, void *arg)
{
    struct office *office = arg;

    for (;;) {
        struct sim_value parcel;

        SIM_TRY(sim_queue_get(office->parcels, &parcel));
        SIM_TRY(deliver(sim, office, parcel.as.integer));
    }
}

static enum sim_status open_office(struct sim *sim, bool always_says_so)
{
    struct office office = {sim_queue_new(sim, "parcels", 0), always_says_so};

    for (int64_t i = 1; i <= PARCELS; i++)
        SIM_TRY(sim_queue_put_nowait(office.parcels, sim_int(i)));
    struct sim_task *worker = sim_task_new(sim, "worker", work, &office);
    struct sim_future *tasks[] = {SIM_FUTURE(worker)};

    SIM_TRY(sim_queue_join(office.parcels));
    sim_print(sim, "main: all parcels are dealt with");
    (void)sim_cancel(worker, NULL);
    return sim_await(sim_gather(sim, tasks, 1, true), NULL);
}

static enum sim_status run(struct sim *sim, void *arg)
{
    (void)arg;
    return open_office(sim, false);
}

static enum sim_status run_fixed(struct sim *sim, void *arg)
{
    (void)arg;
    return open_office(sim, true);
}

const struct sim_scenario queue_join = {
    .name = "queue_join",
    .title = "A queue that is never done",
    .about = "`join` waits until `task_done` was called for each item taken. The worker forgets it "
             "for the parcel that it cannot deliver: the queue is empty, everybody waits, and one "
             "item counts as open for ever.",
    .main = run,
    .async = true,
    .expect = SIM_FINDING_HANG,
    .expect_any = SIM_FINDING_HANG,
};

const struct sim_scenario queue_join_fixed = {
    .name = "queue_join_fixed",
    .title = "Whatever becomes of an item, it is dealt with",
    .about = "`task_done` belongs behind every way to deal with an item: `try` and `finally`.",
    .main = run_fixed,
    .async = true,
    .expect = SIM_CLEAN,
    .expect_any = SIM_CLEAN,
};
