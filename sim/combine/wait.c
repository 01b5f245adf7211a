#include "sim/combine/wait.h"

#include "sim/combine/timeout_state.h"
#include "sim/core/task_state.h"
#include "sim/core/wait.h"

/* As what asyncio.tasks._wait keeps in its frame.  In the arena: callbacks may stand in the ready
 * queue when the wait is over. */
struct waiting {
    struct sim_future waiter;
    struct sim_handle timer;
    size_t left;
    enum sim_return_when when;
    bool timed;
};

static void release(struct waiting *waiting)
{
    bool had_timer = waiting->timer.loop != NULL;

    if (had_timer || waiting->waiter.state != FUTURE_FINISHED)
        sim_look(waiting->waiter.loop->sim, waiting->waiter.id);
    if (waiting->timed)
        sim_handle_cancel(&waiting->timer);
    if (waiting->waiter.state == FUTURE_PENDING)
        future_finish(&waiting->waiter, sim_none(), NULL);
}

static void on_timeout(struct sim *sim, void *arg)
{
    struct waiting *waiting = arg;

    sim_note(sim, SIM_EV_FIRE, .object = waiting->waiter.id);
    waiting->timed = false;
    release(waiting);
}

static void on_completion(struct sim_future *future, void *arg)
{
    struct waiting *waiting = arg;

    if (--waiting->left == 0 || waiting->when == SIM_FIRST_COMPLETED ||
        (waiting->when == SIM_FIRST_EXCEPTION && future->state == FUTURE_FINISHED &&
         future_take_exception(future) != NULL))
        release(waiting);
}

/* The futures, each once.  Returns how many. */
static size_t unique(struct sim_future *const *futures, size_t count, struct sim_future **once)
{
    size_t kept = 0;

    for (size_t i = 0; i < count; i++) {
        if (!futures[i]->seen)
            once[kept++] = futures[i];
        futures[i]->seen = true;
    }
    for (size_t i = 0; i < kept; i++)
        once[i]->seen = false;
    return kept;
}

static void sort_out(struct sim *sim, struct sim_future **futures, size_t count,
                     struct sim_wait_sets *sets)
{
    *sets = (struct sim_wait_sets){
        .done = sim_alloc(sim, count * sizeof(struct sim_future *)),
        .pending = sim_alloc(sim, count * sizeof(struct sim_future *)),
    };
    for (size_t i = 0; i < count; i++) {
        sim_look(sim, futures[i]->id);
        if (futures[i]->state != FUTURE_PENDING)
            sets->done[sets->done_count++] = futures[i];
        else
            sets->pending[sets->pending_count++] = futures[i];
    }
}

static void start_timer(struct sim *sim, struct waiting *waiting, int64_t timeout_ns)
{
    int64_t when = timeout_deadline(sim, timeout_ns);

    if (when == SIM_NEVER)
        return;
    waiting->timed = true;
    loop_start_timer(loop_running(sim), &waiting->timer, when, on_timeout, waiting);
    sim_note(sim, SIM_EV_TIMER, .actor = sim_actor(sim), .object = waiting->waiter.id,
             .value = when);
}

static const char *describe(struct sim *sim, enum sim_return_when when, size_t count)
{
    static const char *const names[] = {[SIM_FIRST_COMPLETED] = "first",
                                        [SIM_FIRST_EXCEPTION] = "first to fail",
                                        [SIM_ALL_COMPLETED] = "all"};

    return sim->sink_count == 0 ? NULL : sim_format(sim, "%s of %zu", names[when], count);
}

enum sim_status(sim_wait)(struct sim *sim, struct sim_future *const *futures, size_t count,
                          int64_t timeout_ns, enum sim_return_when return_when,
                          struct sim_wait_sets *sets, const struct sim_site *site)
{
    if (count == 0)
        return sim_raise(sim, SIM_VALUE_ERROR, "Set of Tasks/Futures is empty.");
    if (return_when > SIM_ALL_COMPLETED)
        return sim_raise(sim, SIM_VALUE_ERROR, "Invalid return_when value: %d", (int)return_when);
    if (sim->running->task == NULL)
        return sim_raise(sim, SIM_RUNTIME_ERROR, "no running event loop");
    struct sim_future **once = sim_alloc(sim, count * sizeof(struct sim_future *));
    struct waiting *waiting = sim_alloc(sim, sizeof(*waiting));

    count = unique(futures, count, once);
    future_init(&waiting->waiter, loop_running(sim),
                sim_object_new(sim, SIM_OBJ_FUTURE, describe(sim, return_when, count), 0, site));
    waiting->left = count;
    waiting->when = return_when;
    start_timer(sim, waiting, timeout_ns);
    for (size_t i = 0; i < count; i++)
        (sim_add_done_callback)(once[i], on_completion, waiting);
    enum sim_status status =
        task_wait(sim, &waiting->waiter, SIM_WAIT_FUTURE, waiting->waiter.id, 0, site);

    if (waiting->timed)
        loop_forget_timer(&waiting->timer);
    for (size_t i = 0; i < count; i++)
        (void)(sim_remove_done_callback)(once[i], on_completion, waiting);
    SIM_TRY(status);
    sort_out(sim, once, count, sets);
    return SIM_OK;
}

/* ---- as_completed ---- */

/* As asyncio.tasks._AsCompletedIterator.  Its queue of what is done is a list here; like there, a
 * time-out puts an entry of nobody for each that is not done. */
struct sim_as_completed {
    struct sim *sim;
    struct sim_future **todo; /* NULL where it is done */
    struct sim_future **done; /* in order; NULL for a time-out */
    size_t count;
    size_t done_count;
    size_t taken;     /* of done */
    size_t todo_left; /* not done yet; 0 after a time-out */
    size_t to_give;   /* calls of next that will not stop the iteration */
    struct list_node getters;
    struct sim_handle timer;
    uint32_t id;
    bool timed;
};

/* One future and the iterator that listens to it. */
struct listening {
    struct sim_as_completed *completed;
    size_t index;
};

static void put(struct sim_as_completed *completed, struct sim_future *future)
{
    completed->done[completed->done_count++] = future;
    sim_look_item(completed->sim, completed->id, SIM_LOOK_ITEM_ADDED,
                  (uint32_t)completed->done_count);
    if (!list_empty(&completed->getters))
        sim_look_changed(completed->sim, completed->id);
    (void)waitq_wake(&completed->getters, 1);
}

static void handle_completion(struct sim_future *future, void *arg)
{
    const struct listening *listening = arg;
    struct sim_as_completed *completed = listening->completed;

    if (completed->todo_left == 0)
        return; /* the time-out was here first */
    completed->todo[listening->index] = NULL;
    completed->todo_left--;
    put(completed, future);
    if (completed->todo_left == 0 && completed->timed)
        sim_handle_cancel(&completed->timer);
}

static void handle_timeout(struct sim *sim, void *arg)
{
    struct sim_as_completed *completed = arg;

    sim_note(sim, SIM_EV_FIRE, .object = completed->id);
    for (size_t i = 0; i < completed->count; i++)
        if (completed->todo[i] != NULL)
            put(completed, NULL);
    completed->todo_left = 0;
}

struct sim_as_completed *(sim_as_completed)(struct sim *sim, struct sim_future *const *futures,
                                            size_t count, int64_t timeout_ns,
                                            const struct sim_site *site)
{
    struct sim_loop *loop = loop_required(sim);

    if (loop == NULL)
        return NULL;
    struct sim_as_completed *completed = sim_alloc(sim, sizeof(*completed));
    struct listening *listening = sim_alloc(sim, count * sizeof(*listening));
    int64_t when = timeout_deadline(sim, timeout_ns);

    completed->sim = sim;
    completed->id = sim_object_new(sim, SIM_OBJ_FUTURE, "as_completed", 0, site);
    completed->todo = sim_alloc(sim, count * sizeof(struct sim_future *));
    completed->done = sim_alloc(sim, count * sizeof(struct sim_future *));
    completed->count = unique(futures, count, completed->todo);
    completed->todo_left = completed->count;
    completed->to_give = completed->count;
    list_init(&completed->getters);
    for (size_t i = 0; i < completed->count; i++) {
        listening[i] = (struct listening){completed, i};
        (sim_add_done_callback)(completed->todo[i], handle_completion, &listening[i]);
    }
    if (completed->count > 0 && when != SIM_NEVER) {
        completed->timed = true;
        loop_start_timer(loop, &completed->timer, when, handle_timeout, completed);
        sim_note(sim, SIM_EV_TIMER, .actor = sim_actor(sim), .object = completed->id,
                 .value = when);
    }
    return completed;
}

/* As Queue.get: who was woken and is cancelled passes the wake-up on. */
static enum sim_status wait_for_one(struct sim_as_completed *completed, struct sim_future **future,
                                    const struct sim_site *site)
{
    struct sim *sim = completed->sim;

    while (completed->taken == completed->done_count) {
        struct waiter getter;

        if (sim->running->task == NULL)
            return sim_raise(sim, SIM_RUNTIME_ERROR, "no running event loop");
        sim_look_item(sim, completed->id, SIM_LOOK_ITEM_NONE, 0);
        sim_look_changed(sim, completed->id);
        future_init(&getter.future, loop_running(sim), completed->id);
        list_append(&completed->getters, &getter.link);
        enum sim_status status =
            task_wait(sim, &getter.future, SIM_WAIT_FUTURE, completed->id, 0, site);
        bool woken = getter.future.state == FUTURE_FINISHED;

        list_remove(&getter.link);
        if (status != SIM_OK) {
            if (woken && completed->taken < completed->done_count)
                (void)waitq_wake(&completed->getters, 1);
            return status;
        }
    }
    *future = completed->done[completed->taken++];
    sim_look_item(sim, completed->id, SIM_LOOK_ITEM_TAKEN, (uint32_t)completed->taken);
    return *future != NULL ? SIM_OK : sim_raise(sim, SIM_TIMEOUT, "%s", "");
}

enum sim_status(sim_as_completed_next)(struct sim_as_completed *completed,
                                       struct sim_future **future, const struct sim_site *site)
{
    if (completed->to_give == 0)
        return sim_raise(completed->sim, SIM_STOP_ASYNC_ITERATION, "%s", "");
    completed->to_give--;
    return wait_for_one(completed, future, site);
}

enum sim_status(sim_as_completed_result)(struct sim_as_completed *completed,
                                         struct sim_value *result, const struct sim_site *site)
{
    struct sim_future *future = NULL;

    SIM_TRY((sim_as_completed_next)(completed, &future, site));
    return future_outcome(future, result);
}
