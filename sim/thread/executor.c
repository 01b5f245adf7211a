#include "sim/thread/executor.h"

#include "sim/core/context_state.h"
#include "sim/core/sched.h"
#include "sim/core/task_state.h"
#include "sim/thread/concurrent_state.h"

enum { WORKERS_MAX = 1000, DEFAULT_WORKERS = 32 };

/* Lives in the arena. */
struct worker {
    struct worker *next;
    uint32_t id; /* of its thread */
};

/* As concurrent.futures.ThreadPoolExecutor: a thread more for each piece of work that finds no idle
 * one, up to the number of workers.
 * Invariant: idle counts the workers in sleepers that no submit has woken. */
struct sim_executor {
    struct sim *sim;
    const char *name;
    struct list_node jobs;     /* of sim_concurrent, oldest first */
    struct list_node sleepers; /* workers with nothing to do */
    struct list_node closers;  /* threads in shutdown */
    struct worker *team;       /* all that were started, the last first */
    struct sim_future *closed; /* for a loop that closes; NULL: none does */
    int64_t limit;
    int64_t workers; /* started */
    int64_t running; /* workers that have not ended */
    int64_t idle;
    uint32_t added; /* jobs, so far; they are taken in that order */
    uint32_t taken;
    uint32_t id;
    bool processes;
    bool is_shut_down;
};

static struct sim_executor *executor_new(struct sim *sim, const char *name, int64_t workers,
                                         bool processes)
{
    if (workers < 1 || workers > WORKERS_MAX) {
        (void)sim_raise(sim, SIM_VALUE_ERROR, "max_workers must be greater than 0 and at most %d",
                        WORKERS_MAX);
        return NULL;
    }
    struct sim_executor *executor = sim_alloc(sim, sizeof(*executor));

    executor->sim = sim;
    executor->id = sim_object_new(sim, SIM_OBJ_EXECUTOR, name, 0, NULL);
    executor->name = name == NULL ? (processes ? "process" : "worker") : sim_strdup(sim, name);
    executor->limit = workers;
    executor->processes = processes;
    list_init(&executor->jobs);
    list_init(&executor->sleepers);
    list_init(&executor->closers);
    return executor;
}

struct sim_executor *sim_thread_pool_new(struct sim *sim, const char *name, int64_t workers)
{
    return executor_new(sim, name, workers, false);
}

struct sim_executor *sim_process_pool_new(struct sim *sim, const char *name, int64_t workers)
{
    return executor_new(sim, name, workers, true);
}

/* As _WorkItem.run, on the worker's thread. */
static void do_job(struct sim *sim, struct sim_executor *executor, struct sim_concurrent *job)
{
    struct sim_thread *self = sim->running;

    sched_point(sim, SIM_EV_WORK, executor->id);
    sim_op(sim, SIM_EV_WORK, .actor = self->id, .object = executor->id, .value = job->id);
    if (job->state == CONCURRENT_CANCELLED)
        return;
    job->state = CONCURRENT_RUNNING;
    self->own.map = job->context;
    self->value = sim_none();
    self->raised = NULL;
    enum sim_status status = job->fn(sim, job->arg);

    concurrent_finish(job, self->value, sim_ended_with(sim, status, self->raised));
    self->own.map = NULL;
}

static enum sim_status work(struct sim *sim, void *arg)
{
    struct sim_executor *executor = arg;
    struct sim_thread *self = sim->running;

    for (;;) {
        while (!list_empty(&executor->jobs)) {
            struct list_node *first = executor->jobs.next;

            sim_look_item(sim, executor->id, SIM_LOOK_ITEM_TAKEN, ++executor->taken);
            list_remove(first);
            do_job(sim, executor, container_of(first, struct sim_concurrent, link));
        }
        if (executor->is_shut_down)
            break;
        executor->idle++;
        list_append(&executor->sleepers, &self->waiting);
        sched_block(sim, SIM_WAIT_WORK, executor->id, 0, NULL);
    }
    sim_look_item(sim, executor->id, SIM_LOOK_ITEM_NONE, 0);
    self->value = sim_none();
    if (--executor->running > 0)
        return SIM_OK;
    while (!list_empty(&executor->closers)) {
        struct list_node *first = executor->closers.next;

        list_remove(first);
        sched_wake(container_of(first, struct sim_thread, waiting), executor->id);
    }
    if (executor->closed != NULL)
        loop_settle_threadsafe(executor->closed);
    return SIM_OK;
}

static void wake_sleeper(struct sim_executor *executor)
{
    struct list_node *first = executor->sleepers.next;

    executor->idle--;
    list_remove(first);
    sched_wake(container_of(first, struct sim_thread, waiting), executor->id);
}

static void start_worker(struct sim_executor *executor, const struct sim_site *site)
{
    struct sim *sim = executor->sim;
    const char *name = sim_format(sim, "%s_%lld", executor->name, (long long)executor->workers);
    struct sim_thread *thread = sched_thread_new(sim, name, work, executor, site);

    struct worker *worker = sim_alloc(sim, sizeof(*worker));

    *worker = (struct worker){executor->team, thread->id};
    executor->team = worker;
    executor->workers++;
    executor->running++;
    if (executor->processes) {
        thread->process = thread->id;
        (void)sim_object_new(sim, SIM_OBJ_PROCESS, NULL, thread->id, site);
    }
}

struct sim_concurrent *(sim_executor_submit)(struct sim_executor *executor, sim_body_fn fn,
                                             void *arg, const struct sim_site *site)
{
    struct sim *sim = executor->sim;

    if (executor->is_shut_down) {
        (void)sim_raise(sim, SIM_RUNTIME_ERROR, "cannot schedule new futures after shutdown");
        return NULL;
    }
    struct sim_concurrent *job = concurrent_new(sim, "job", site);

    job->fn = fn;
    job->arg = arg;
    sched_point(sim, SIM_EV_SUBMIT, executor->id);
    sim_op(sim, SIM_EV_SUBMIT, .actor = sim_actor(sim), .object = executor->id, .value = job->id,
           .site = site);
    sim_look_item(sim, executor->id, SIM_LOOK_ITEM_ADDED, ++executor->added);
    list_append(&executor->jobs, &job->link);
    if (executor->idle > 0) {
        sim_look_changed(sim, executor->id);
        wake_sleeper(executor);
    } else if (executor->workers < executor->limit) {
        start_worker(executor, site);
    }
    return job;
}

static void stop(struct sim_executor *executor)
{
    sim_look_changed(executor->sim, executor->id);
    executor->is_shut_down = true;
    while (executor->idle > 0)
        wake_sleeper(executor);
}

/* All workers have ended: that comes before whatever is done next. */
static void note_end(struct sim_executor *executor)
{
    for (struct worker *worker = executor->team; worker != NULL; worker = worker->next)
        sim_look_ended(executor->sim, worker->id);
}

void(sim_executor_shutdown)(struct sim_executor *executor, const struct sim_site *site)
{
    struct sim *sim = executor->sim;

    sched_point(sim, SIM_EV_SHUTDOWN, executor->id);
    sim_op(sim, SIM_EV_SHUTDOWN, .actor = sim_actor(sim), .object = executor->id, .site = site);
    stop(executor);
    if (executor->running > 0) {
        list_append(&executor->closers, &sim->running->waiting);
        sched_block(sim, SIM_WAIT_WORK, executor->id, 0, site);
    }
    note_end(executor);
}

/* As loop.shutdown_default_executor. */
static bool close_default(struct sim_loop *loop)
{
    struct sim_executor *executor = loop->default_executor;

    stop(executor);
    if (executor->running == 0) {
        note_end(executor);
        return false;
    }
    executor->closed = sim_alloc(loop->sim, sizeof(*executor->closed));
    future_init(executor->closed, loop, 0);
    (void)loop_run_until_done(loop, executor->closed);
    note_end(executor);
    return true;
}

/* Returns: NULL, with RuntimeError raised, once the loop has begun to shut it down. */
static struct sim_executor *default_executor(struct sim_loop *loop)
{
    if (loop->executor_closed) {
        (void)sim_raise(loop->sim, SIM_RUNTIME_ERROR, "Executor shutdown has been called");
        return NULL;
    }
    if (loop->default_executor == NULL) {
        loop->default_executor = executor_new(loop->sim, "asyncio", DEFAULT_WORKERS, false);
        loop->close_executor = close_default;
    }
    return loop->default_executor;
}

struct sim_future *(sim_run_in_executor)(struct sim *sim, struct sim_executor *executor,
                                         sim_body_fn fn, void *arg, const struct sim_site *site)
{
    struct sim_loop *loop = loop_required(sim);

    if (loop == NULL)
        return NULL;
    if (executor == NULL)
        executor = default_executor(loop);
    struct sim_concurrent *job =
        executor == NULL ? NULL : (sim_executor_submit)(executor, fn, arg, site);

    return job == NULL ? NULL : sim_wrap_future(sim, job);
}

enum sim_status(sim_to_thread)(struct sim *sim, sim_body_fn fn, void *arg, struct sim_value *result,
                               const struct sim_site *site)
{
    struct sim_loop *loop = loop_required(sim);

    if (loop == NULL)
        return SIM_RUNTIME_ERROR;
    struct sim_executor *executor = default_executor(loop);
    struct sim_concurrent *job =
        executor == NULL ? NULL : (sim_executor_submit)(executor, fn, arg, site);

    if (job == NULL)
        return SIM_RUNTIME_ERROR;
    job->context = context_current(sim)->map;
    return (sim_await)(sim_wrap_future(sim, job), result, site);
}
