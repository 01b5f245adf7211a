/* A time-out comes at the very moment of the result: what was taken from the queue before it
 * struck is in nobody's hands. */
#include "scenarios/scenarios.h"
#include "sim/sim.h"

enum { TRIES = 3 };

struct work {
    struct sim_queue *queue;
    int done;
};

static enum sim_status produce(struct sim *sim, void *arg)
{
    struct work *work = arg;

    SIM_TRY(sim_sleep(sim, 1 * SIM_SECOND));
    sim_print(sim, "producer: one job");
    return sim_queue_put(work->queue, sim_int(1));
}

static enum sim_status take(struct sim *sim, void *arg)
{
    struct work *work = arg;

    (void)sim;
    return sim_queue_get(work->queue, NULL);
}

static enum sim_status write_log(struct sim *sim)
{
    return sim_sleep(sim, 0);
}

/* The queue loses nothing when its get is cancelled; who goes on after it can. */
static enum sim_status take_and_log(struct sim *sim, void *arg)
{
    SIM_TRY(take(sim, arg));
    return write_log(sim);
}

static enum sim_status finish(struct sim *sim, struct work *work)
{
    work->done++;
    sim_print(sim, "consumer: done");
    return SIM_OK;
}

static enum sim_status consume(struct sim *sim, void *arg)
{
    struct work *work = arg;

    for (int i = 0; i < TRIES; i++) {
        enum sim_status status = sim_wait_for_call(sim, take_and_log, work, 1 * SIM_SECOND);

        if (status == SIM_OK)
            return finish(sim, work);
        if (status != SIM_TIMEOUT)
            return status;
        sim_print(sim, "consumer: no job yet");
    }
    return SIM_OK;
}

/* Nothing is cancelled before all tries are over, and then it says whether it had the job. */
static enum sim_status consume_fixed(struct sim *sim, void *arg)
{
    struct work *work = arg;
    struct sim_future *get = SIM_FUTURE(sim_task_new(sim, "get", take, work));
    struct sim_wait_sets sets;

    for (int i = 0; i < TRIES; i++) {
        SIM_TRY(sim_wait(sim, &get, 1, 1 * SIM_SECOND, SIM_ALL_COMPLETED, &sets));
        if (sets.done_count > 0)
            break;
        sim_print(sim, "consumer: no job yet");
    }
    if (sim_cancel(get, NULL))
        SIM_TRY(sim_wait(sim, &get, 1, -1, SIM_ALL_COMPLETED, &sets));
    if (sim_cancelled(get))
        return SIM_OK;
    SIM_TRY(write_log(sim));
    return finish(sim, work);
}

static enum sim_status hand_over(struct sim *sim, sim_body_fn consumer)
{
    struct work work = {sim_queue_new(sim, "jobs", 0), 0};
    struct sim_future *tasks[] = {
        SIM_FUTURE(sim_task_new(sim, "consumer", consumer, &work)),
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
    return hand_over(sim, consume);
}

static enum sim_status run_fixed(struct sim *sim, void *arg)
{
    (void)arg;
    return hand_over(sim, consume_fixed);
}

const struct sim_scenario timeout_vs_completion = {
    .name = "timeout_vs_completion",
    .title = "A time-out that strikes with the job in hand",
    .about = "A time-out cancels whatever its scope has come to, a job just taken included. It was "
             "in the queue, it is not any more, and nobody does it.",
    .main = run,
    .async = true,
    .level = SIM_LEVEL_TIMING,
    .expect = SIM_CLEAN,
    .expect_any = SIM_FINDING_CHECK,
};

const struct sim_scenario timeout_vs_completion_fixed = {
    .name = "timeout_vs_completion_fixed",
    .title = "A wait that ends, and what it waits for does not",
    .about =
        "asyncio.wait cancels nothing when its time is over: the one get of the queue goes on, "
        "and is asked again. Only in the end it is cancelled, and says whether it had a job.",
    .main = run_fixed,
    .async = true,
    .level = SIM_LEVEL_TIMING,
    .expect = SIM_CLEAN,
    .expect_any = SIM_CLEAN,
};
