/* A time-out comes at the very moment of the result: what was taken from the queue before it
 * struck is in nobody's hands. */
#include "scenarios/scenarios.h"
#include "sim/sim.h"

enum { TRIES = 3 };

struct work {
    struct sim_queue *queue;
    bool logs_within; /* the time-out */
    int done;
};

static enum sim_status produce(struct sim *sim, void *arg)
{
    struct work *work = arg;

    SIM_TRY(sim_sleep(sim, 1 * SIM_SECOND));
    sim_print(sim, "producer: one job");
    return sim_queue_put(work->queue, sim_int(1));
}

static enum sim_status write_log(struct sim *sim)
{
    return sim_sleep(sim, 0);
}

/* The queue loses nothing when its get is cancelled; who goes on after it can. */
static enum sim_status take(struct sim *sim, void *arg)
{
    struct work *work = arg;

    SIM_TRY(sim_queue_get(work->queue, NULL));
    return work->logs_within ? write_log(sim) : SIM_OK;
}

static enum sim_status consume(struct sim *sim, void *arg)
{
    struct work *work = arg;

    for (int i = 0; i < TRIES && work->done == 0; i++) {
        enum sim_status status = sim_wait_for_call(sim, take, work, 1 * SIM_SECOND);

        if (status == SIM_TIMEOUT) {
            sim_print(sim, "consumer: no job yet");
            continue;
        }
        SIM_TRY(status);
        if (!work->logs_within)
            SIM_TRY(write_log(sim));
        work->done++;
        sim_print(sim, "consumer: done");
    }
    return SIM_OK;
}

static enum sim_status hand_over(struct sim *sim, bool logs_within)
{
    struct work work = {sim_queue_new(sim, "jobs", 0), logs_within, 0};
    struct sim_future *tasks[] = {
        SIM_FUTURE(sim_task_new(sim, "consumer", consume, &work)),
        SIM_FUTURE(sim_task_new(sim, "producer", produce, &work)),
    };

    SIM_TRY(sim_await(sim_gather(sim, tasks, 2, false), NULL));
    /* With other durations it may come when nobody waits any more: then it is still there. */
    int left = (int)sim_queue_size(work.queue);

    sim_check(sim, work.done + left == 1, "the job was taken from the queue and never done");
    return SIM_OK;
}

static enum sim_status run(struct sim *sim, void *arg)
{
    (void)arg;
    return hand_over(sim, true);
}

static enum sim_status run_fixed(struct sim *sim, void *arg)
{
    (void)arg;
    return hand_over(sim, false);
}

const struct sim_scenario timeout_vs_completion = {
    .name = "timeout_vs_completion",
    .title = "A time-out that strikes with the job in hand",
    .about = "A time-out cancels whatever its scope has come to, a job just taken included. It was "
             "in the queue, it is not any more, and nobody does it.",
    .main = run,
    .async = true,
    .expect = SIM_CLEAN,
    .expect_any = SIM_FINDING_CHECK,
};

const struct sim_scenario timeout_vs_completion_fixed = {
    .name = "timeout_vs_completion_fixed",
    .title = "A time-out round the wait alone",
    .about =
        "Within the time-out is only what can be cancelled without loss: the get of a queue, "
        "which takes the job and returns, or is cancelled and leaves it. The race is still there; "
        "now nothing is lost, whoever wins it.",
    .main = run_fixed,
    .async = true,
    .expect = SIM_CLEAN,
    .expect_any = SIM_FINDING_TIMEOUT_RACE,
};
