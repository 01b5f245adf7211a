/* A client gives up after a second and uses its buffer for something else; the worker, which has
 * only been slow, answers into it. */
#include "scenarios/scenarios.h"
#include "sim/sim.h"

enum { NOTHING = 0, ANSWER = 42, OTHER = 7 };

struct request {
    struct sim_mutex *mutex;
    struct sim_condvar *answered;
    struct sim_var *done;
    struct sim_var *abandoned;
    struct sim_var *buffer;
    bool takes_back; /* a client that gives up says so */
};

static enum sim_status serve(struct sim *sim, void *arg)
{
    struct request *request = arg;

    (void)sim;
    sim_mutex_lock(request->mutex);
    if (sim_read(request->abandoned) == 0) {
        sim_write(request->buffer, ANSWER);
        sim_write(request->done, 1);
        sim_condvar_signal(request->answered);
    }
    return sim_mutex_unlock(request->mutex);
}

/* Returns whether there is an answer. */
static bool wait_for_answer(struct sim *sim, struct request *request)
{
    int64_t deadline = sim_now(sim) + 1 * SIM_SECOND;
    enum sim_status status = SIM_OK;

    sim_mutex_lock(request->mutex);
    while (status == SIM_OK && sim_read(request->done) == 0)
        status = sim_condvar_timedwait(request->answered, request->mutex, deadline);
    bool answered = sim_read(request->done) == 1;

    if (!answered && request->takes_back)
        sim_write(request->abandoned, 1);
    (void)sim_mutex_unlock(request->mutex);
    return answered;
}

static enum sim_status ask(struct sim *sim, bool takes_back)
{
    struct request request = {.mutex = sim_mutex_new(sim, "mutex"),
                              .answered = sim_condvar_new(sim, "answered"),
                              .done = sim_var_new(sim, "done", 0),
                              .abandoned = sim_var_new(sim, "abandoned", 0),
                              .buffer = sim_var_new(sim, "buffer", NOTHING),
                              .takes_back = takes_back};
    struct sim_thread *worker = sim_thread_new(sim, "worker", serve, &request);

    bool answered = wait_for_answer(sim, &request);

    if (!answered)
        sim_write(request.buffer, OTHER);
    SIM_TRY(sim_thread_join(worker, NULL));
    int64_t held = sim_read(request.buffer);
    bool right = held == (answered ? ANSWER : OTHER);

    sim_check(sim, right, "an answer that nobody waits for any more is in the buffer");
    sim_print(sim, "client: the buffer holds %d", (int)held);
    return SIM_OK;
}

static enum sim_status run(struct sim *sim, void *arg)
{
    (void)arg;
    return ask(sim, false);
}

static enum sim_status run_fixed(struct sim *sim, void *arg)
{
    (void)arg;
    return ask(sim, true);
}

const struct sim_scenario late_answer = {
    .name = "late_answer",
    .title = "An answer after the time-out",
    .about =
        "A client waits for at most a second, gives up and uses its buffer for something else. "
        "The worker was only slow: its answer goes into that buffer. A deadline that passes "
        "only when nothing can run never shows it: it takes --time explored.",
    .main = run,
    .contained = true,
    .expect = SIM_CLEAN,
    .expect_any = SIM_FINDING_CHECK,
    .time = SIM_TIME_EXPLORED,
};

const struct sim_scenario late_answer_fixed = {
    .name = "late_answer_fixed",
    .title = "A client that says that it has given up",
    .about = "Under the same mutex under which it looks for the answer, a client that gives up "
             "takes its request back, and the worker looks before it answers.",
    .main = run_fixed,
    .contained = true,
    .expect = SIM_CLEAN,
    .expect_any = SIM_CLEAN,
    .time = SIM_TIME_EXPLORED,
};
