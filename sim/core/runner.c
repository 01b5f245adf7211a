#include "sim/core/runner.h"

#include "sim/core/context_state.h"
#include "sim/core/loop_state.h"
#include "sim/core/task_state.h"

/* As asyncio.runners.Runner: the loop and the context are there from the first use to the close. */
struct sim_runner {
    struct sim *sim;
    struct sim_loop *loop;
    struct sim_context *context;
    struct sim_task *main; /* the last */
    bool closed;
};

struct sim_runner *sim_runner_new(struct sim *sim)
{
    struct sim_runner *runner = sim_alloc(sim, sizeof(*runner));

    runner->sim = sim;
    return runner;
}

/* Let the running thread run the runner's loop. */
static void take_over(struct sim_runner *runner)
{
    struct sim_thread *thread = runner->sim->running;

    runner->loop->thread = thread;
    thread->loop = runner->loop;
}

enum sim_status sim_runner_run(struct sim_runner *runner, sim_body_fn main, void *arg,
                               struct sim_value *result)
{
    struct sim *sim = runner->sim;

    if (loop_running(sim) != NULL)
        return sim_raise(sim, SIM_RUNTIME_ERROR,
                         "Runner.run() cannot be called from a running event loop");
    if (runner->closed)
        return sim_raise(sim, SIM_RUNTIME_ERROR, "Runner is closed");
    if (runner->loop == NULL) {
        runner->loop = loop_new(sim);
        runner->context = sim_copy_context(sim);
    }
    take_over(runner);
    runner->main = task_create(runner->loop, NULL, main, arg, runner->context, NULL);
    task_push(runner->main);
    const struct sim_exception *interrupt =
        loop_run_until_done(runner->loop, SIM_FUTURE(runner->main));

    sim->running->loop = NULL;
    if (interrupt != NULL) {
        *sim_raised(sim) = interrupt;
        return interrupt->kind;
    }
    return (sim_future_result)(SIM_FUTURE(runner->main), result);
}

void sim_runner_close(struct sim_runner *runner)
{
    struct sim *sim = runner->sim;

    if (runner->loop == NULL)
        return;
    const struct sim_exception *raised = *sim_raised(sim);

    take_over(runner);
    loop_close(runner->loop, runner->main);
    sim->running->loop = NULL;
    *sim_raised(sim) = raised;
    runner->loop = NULL;
    runner->closed = true;
}

enum sim_status sim_loop_run(struct sim *sim, sim_body_fn main, void *arg, struct sim_value *result)
{
    if (loop_running(sim) != NULL)
        return sim_raise(sim, SIM_RUNTIME_ERROR,
                         "asyncio.run() cannot be called from a running event loop");
    struct sim_runner *runner = sim_runner_new(sim);
    enum sim_status status = sim_runner_run(runner, main, arg, result);

    sim_runner_close(runner);
    return status;
}
