#include "sim/core/loop_state.h"

#include <stdlib.h>

#include "sim/core/choose.h"
#include "sim/core/context_state.h"
#include "sim/core/deadline.h"
#include "sim/core/poll.h"
#include "sim/core/sched.h"
#include "sim/core/task_state.h"

struct sim_loop *loop_new(struct sim *sim)
{
    struct sim_loop *loop = sim->idle_loops;

    if (loop != NULL)
        sim->idle_loops = loop->next;
    else if ((loop = calloc(1, sizeof(*loop))) == NULL)
        sim_out_of_memory(sim);
    loop->sim = sim;
    loop->next = sim->loops;
    sim->loops = loop;
    loop->thread = sim->running;
    loop->ready.head = 0;
    loop->ready.tail = 0;
    timers_reset(&loop->timers);
    list_init(&loop->tasks);
    list_init(&loop->polled);
    loop->number = loop->next == NULL ? 1 : loop->next->number + 1;
    loop->calls_added = 0;
    loop->calls_made = 0;
    loop->polls = 0;
    loop->selecting = false;
    loop->stopping = false;
    loop->eager = false;
    list_init(&loop->generators);
    loop->default_executor = NULL;
    loop->executor_closed = false;
    loop->close_executor = NULL;
    loop->interrupt = NULL;
    return loop;
}

void loops_reset(struct sim *sim)
{
    while (sim->loops != NULL) {
        struct sim_loop *loop = sim->loops;

        sim->loops = loop->next;
        loop->next = sim->idle_loops;
        sim->idle_loops = loop;
    }
}

void loops_free(struct sim *sim)
{
    loops_reset(sim);
    while (sim->idle_loops != NULL) {
        struct sim_loop *loop = sim->idle_loops;

        sim->idle_loops = loop->next;
        ready_free(&loop->ready);
        timers_free(&loop->timers);
        free(loop);
    }
}

struct sim_loop *loop_running(const struct sim *sim)
{
    return sim->running->loop;
}

struct sim_loop *loop_required(struct sim *sim)
{
    struct sim_loop *loop = loop_running(sim);

    if (loop == NULL)
        (void)sim_raise(sim, SIM_RUNTIME_ERROR, "no running event loop");
    return loop;
}

void loop_run_handle(struct sim *sim, const struct ready *ready)
{
    struct sim_handle *handle = ready->a;

    handle->queued = false;
    if (!handle->cancelled)
        CONTEXT_CALL(sim, handle->context, handle->fn(sim, handle->arg));
}

/* The same handle has the same name in every execution in which its maker went the same way. */
static void name_handle(struct sim_handle *handle)
{
    struct sim_thread *thread = handle->loop->sim->running;

    handle->maker = thread->task == NULL ? thread->id : task_id(thread->task);
    handle->nth = thread->task == NULL ? ++thread->handles : ++thread->task->handles;
}

struct sim_handle *loop_handle_new(struct sim_loop *loop, sim_callback_fn fn, void *arg)
{
    struct sim_handle *handle = sim_alloc(loop->sim, sizeof(*handle));

    handle->loop = loop;
    handle->fn = fn;
    handle->arg = arg;
    handle->context = context_current(loop->sim)->map;
    name_handle(handle);
    return handle;
}

void loop_look_handle(const struct sim_handle *handle)
{
    if (loop_goes_in_any_order(handle->loop))
        sim_look_how(handle->loop->sim, handle->maker, SIM_LOOK_HANDLE, handle->nth);
}

void loop_look_due(const struct sim_handle *handle, bool first)
{
    const struct sim_loop *loop = handle->loop;
    int64_t call = loop_call(loop, SIM_CALL_TIMER, (uint32_t)handle->timer.order);

    if (!loop_goes_in_any_order(loop))
        return;
    sim_look_call(loop->sim, SIM_LOOK_CALL_ADDED, call);
    if (first)
        sim_look_call(loop->sim, SIM_LOOK_CALL_FIRST, call);
}

void loop_push_handle(struct sim_handle *handle)
{
    struct ready ready = {.run = loop_run_handle, .a = handle};

    handle->queued = true;
    /* Where any call may go, the others are there as soon as they are due, and not at a turn. */
    if (handle->kind == SIM_CALL_ADDED || !loop_goes_in_any_order(handle->loop))
        loop_push_call(handle->loop, ready);
    else
        loop_push(handle->loop, ready);
}

struct sim_handle *sim_call_soon(struct sim *sim, sim_callback_fn fn, void *arg)
{
    struct sim_loop *loop = loop_required(sim);

    if (loop == NULL)
        return NULL;
    struct sim_handle *handle = loop_handle_new(loop, fn, arg);

    loop_push_handle(handle);
    return handle;
}

static void start_timer(struct sim_handle *handle, int64_t when_ns)
{
    struct sim_loop *loop = handle->loop;
    struct sim *sim = loop->sim;

    handle->kind = SIM_CALL_TIMER;
    handle->timer.when_ns = when_ns;
    handle->timer.order = sim->timer_order++;
    handle->timer.held = false;
    sim_look_how(sim, 0, SIM_LOOK_AT, loop_call(loop, SIM_CALL_TIMER, 0));
    deadline_look_new(loop, when_ns);
    if (when_ns <= sim->now_ns)
        loop_look_due(handle, true);
    if (!timers_add(&loop->timers, &handle->timer))
        sim_out_of_memory(sim);
}

void loop_start_timer(struct sim_loop *loop, struct sim_handle *handle, int64_t when_ns,
                      sim_callback_fn fn, void *arg)
{
    *handle = (struct sim_handle){.loop = loop, .fn = fn, .arg = arg};
    name_handle(handle);
    start_timer(handle, when_ns);
}

void loop_start_soon(struct sim_loop *loop, struct sim_handle *handle, sim_callback_fn fn,
                     void *arg)
{
    *handle = (struct sim_handle){.loop = loop, .fn = fn, .arg = arg};
    name_handle(handle);
    loop_push_handle(handle);
}

static void settle_now(struct sim *sim, const struct ready *ready)
{
    struct sim_future *future = ready->a;

    (void)sim;
    if (future->state == FUTURE_PENDING)
        future_finish(future, sim_none(), NULL);
}

void loop_settle_threadsafe(struct sim_future *future)
{
    loop_push_call(future->loop, (struct ready){.run = settle_now, .a = future});
}

struct sim_handle *sim_call_at(struct sim *sim, int64_t when_ns, sim_callback_fn fn, void *arg)
{
    struct sim_loop *loop = loop_required(sim);

    if (loop == NULL)
        return NULL;
    struct sim_handle *handle = loop_handle_new(loop, fn, arg);

    start_timer(handle, when_ns);
    sim_note(sim, SIM_EV_TIMER, .actor = sim_actor(sim), .value = when_ns);
    return handle;
}

struct sim_handle *sim_call_later(struct sim *sim, int64_t delay_ns, sim_callback_fn fn, void *arg)
{
    int64_t when = delay_ns > INT64_MAX - sim->now_ns ? INT64_MAX : sim->now_ns + delay_ns;

    return sim_call_at(sim, when, fn, arg);
}

/* Where any call may go next, one that is due is made in its place, and does nothing: it could have
 * been made before.  As those in the ready queue are everywhere. */
static bool stays_due(const struct sim_handle *handle)
{
    return loop_goes_in_any_order(handle->loop) && loop_is_due(handle->loop, &handle->timer);
}

void sim_handle_cancel(struct sim_handle *handle)
{
    handle->cancelled = true;
    sim_look_clock(handle->loop->sim);
    if (handle->timer.place == 0 || stays_due(handle))
        loop_look_handle(handle);
    else
        timers_remove(&handle->loop->timers, &handle->timer);
}

/* What stands in a queue keeps its place, by one that outlives it. */
static void outlive(struct sim_handle *handle)
{
    struct sim_loop *loop = handle->loop;
    struct sim_handle *dead = sim_alloc(loop->sim, sizeof(*dead));

    *dead = *handle;
    dead->timer.place = 0;
    if (handle->timer.place > 0) {
        timers_remove(&loop->timers, &handle->timer);
        if (!timers_add(&loop->timers, &dead->timer))
            sim_out_of_memory(loop->sim);
    }
    for (size_t i = 0; i < ready_count(&loop->ready); i++)
        if (ready_at(&loop->ready, i)->run == loop_run_handle &&
            ready_at(&loop->ready, i)->a == handle)
            ready_at(&loop->ready, i)->a = dead;
    handle->queued = false;
}

void loop_forget_timer(struct sim_handle *handle)
{
    sim_handle_cancel(handle);
    /* Seldom: it was cancelled in the very turn in which it came due. */
    if (handle->queued || handle->timer.place > 0)
        outlive(handle);
}

bool sim_handle_cancelled(const struct sim_handle *handle)
{
    return handle->cancelled;
}

int64_t sim_handle_when(const struct sim_handle *handle)
{
    return handle->timer.when_ns;
}

void loop_stop_now(struct sim *sim, const struct ready *ready)
{
    struct sim_loop *loop = ready->a;
    const struct sim_future *future = ready->b;

    (void)sim;
    if (future != NULL && exception_interrupts(future->exception))
        return;
    loop->stopping = true;
}

/* At the end of so many turns; future: unless that was interrupted.  Whoever makes it ready comes
 * before it. */
static void push_stop(struct sim_loop *loop, struct sim_future *future, uintptr_t turns)
{
    if (loop_goes_in_any_order(loop))
        sim_look_enabled(loop->sim, loop->thread->id);
    loop_push(loop, (struct ready){
                        .run = loop_stop_now, .a = loop, .b = future, .c.pointer = (void *)turns});
}

void loop_stop_when_done(struct sim_future *future, void *arg)
{
    push_stop(arg, future, 1);
}

/* With many tasks each step begins with a string of cache misses: fetch the task that comes a few
 * steps later, and then the stack of the one that comes sooner, while this one runs. */
static inline __attribute__((always_inline)) void prefetch(const struct ready_queue *queue)
{
    enum { MANY = 256, TASK_AHEAD = 12, STACK_AHEAD = 4 };

    if (ready_count(queue) <= MANY)
        return;
    const char *later = ready_at(queue, TASK_AHEAD)->a;

    __builtin_prefetch(later, 1);
    __builtin_prefetch(later + 64, 1);
    task_prefetch_stack(task_of_ready(ready_at(queue, STACK_AHEAD)));
}

/* Make the calls that stand in the queue now; those that they add wait for the next turn. */
static void run_ready(struct sim_loop *loop)
{
    struct sim *sim = loop->sim;
    struct ready_queue *queue = &loop->ready;

    for (size_t left = ready_count(queue); left > 0; left--) {
        const struct ready *ready = ready_pop(queue);

        prefetch(queue);
        if (ready->run == task_run_step)
            task_step(sim, ready->a);
        else
            ready->run(sim, ready);
        if (__builtin_expect(loop->interrupt != NULL, 0))
            return;
    }
}

static void wait_for_work(struct sim_loop *loop)
{
    while (ready_count(&loop->ready) == 0 && list_empty(&loop->polled)) {
        struct timer *first = timers_first(&loop->timers);

        if (first != NULL && first->when_ns <= loop->sim->now_ns)
            return;
        if (deadline_any_order(loop->sim) && deadline_is_next_for(loop))
            return;
        if (first != NULL && loop->sim->clock != 0)
            deadline_look_started(loop->sim, 0);
        loop->selecting = true;
        if (loop_goes_in_any_order(loop))
            sim_look_how(loop->sim, 0, SIM_LOOK_SELECTS, 0);
        sched_block(loop->sim, SIM_WAIT_SELECT, 0, first == NULL ? 0 : first->when_ns, NULL);
        loop->selecting = false;
    }
}

/* The one of the loop's timers that is due first; NULL: none is. */
struct timer *loop_first_due(const struct sim_loop *loop)
{
    struct timer *first = timers_first(&loop->timers);

    if (first == NULL || first->when_ns > loop->sim->now_ns)
        return NULL;
    if (!first->held)
        return first;
    first = NULL;
    for (size_t i = 0; i < loop->timers.count; i++) {
        struct timer *timer = loop->timers.heap[i];

        if (loop_is_due(loop, timer) && (first == NULL || timer_comes_before(timer, first)))
            first = timer;
    }
    return first;
}

static void push_due(struct sim_loop *loop)
{
    struct timer *timer;

    poll_push_ready(loop);
    while ((timer = loop_first_due(loop)) != NULL) {
        timers_remove(&loop->timers, timer);
        loop_push_handle(container_of(timer, struct sim_handle, timer));
    }
}

/* One turn.  The only place where a loop's calls are made.  As BaseEventLoop._run_once: calls that
 * are added meanwhile wait for the next turn, behind the timers that are due by then. */
static void turn(struct sim_loop *loop)
{
    struct sim *sim = loop->sim;
    bool in_any_order = loop_goes_in_any_order(loop);

    wait_for_work(loop);
    if (__builtin_expect(sim->clock == 0, 1) || in_any_order || !deadline_turn(loop))
        push_due(loop);
    sim_look_call(sim, SIM_LOOK_TURN, loop_call(loop, SIM_CALL_ADDED, loop->own == 0));
    loop->own = 0;
    if (in_any_order)
        loop_turn_in_any_order(loop);
    else
        run_ready(loop);
}

const struct sim_exception *loop_run_until_done(struct sim_loop *loop, struct sim_future *future)
{
    (sim_add_done_callback)(future, loop_stop_when_done, loop);
    loop->stopping = false;
    while (!loop->stopping && loop->interrupt == NULL)
        turn(loop);
    const struct sim_exception *interrupt = loop->interrupt;

    loop->interrupt = NULL;
    if (interrupt != NULL)
        (void)(sim_remove_done_callback)(future, loop_stop_when_done, loop);
    return interrupt;
}

static bool can_turn(struct sim_loop *loop)
{
    struct timer *first = timers_first(&loop->timers);

    return ready_count(&loop->ready) > 0 || !list_empty(&loop->polled) ||
           (first != NULL && first->when_ns <= loop->sim->now_ns);
}

/* Until it is told to stop, whoever interrupts that. */
static void run_on(struct sim_loop *loop)
{
    loop->stopping = false;
    while (!loop->stopping) {
        turn(loop);
        loop->interrupt = NULL;
    }
}

/* Give what is ready or due, and what that makes ready, so many turns. */
static void run_ready_turns(struct sim_loop *loop, int turns)
{
    if (loop_goes_in_any_order(loop) && can_turn(loop)) {
        push_stop(loop, NULL, (uintptr_t)turns);
        run_on(loop);
        return;
    }
    while (turns-- > 0 && can_turn(loop)) {
        push_stop(loop, NULL, 1);
        run_on(loop);
    }
}

struct left_over {
    struct sim_loop *loop;
    size_t count;
};

static void on_left_over_done(struct sim_future *future, void *arg)
{
    struct left_over *left = arg;

    (void)future;
    if (--left->count == 0)
        push_stop(left->loop, NULL, 1);
}

/* As asyncio.runners._cancel_all_tasks. */
static void cancel_left_over(struct sim_loop *loop, const struct sim_task *main)
{
    struct sim *sim = loop->sim;
    size_t count = 0;

    LIST_EACH(node, &loop->tasks)
    {
        count++;
    }
    sim_note(sim, SIM_EV_LOOP_CLOSE, .actor = loop->thread->id, .object = task_id(main),
             .value = (int64_t)count);
    if (count == 0)
        return;
    struct sim_task **tasks = sim_alloc(sim, count * sizeof(struct sim_task *));
    struct left_over *left = sim_alloc(sim, sizeof(*left));
    size_t i = 0;

    LIST_EACH(node, &loop->tasks)
    {
        tasks[i++] = container_of(node, struct sim_task, link);
    }
    for (i = 0; i < count; i++)
        sim_note(sim, SIM_EV_PENDING, .actor = loop->thread->id, .object = task_id(tasks[i]));
    *left = (struct left_over){loop, count};
    for (i = 0; i < count; i++)
        (void)(sim_cancel)(SIM_FUTURE(tasks[i]), NULL, NULL);
    for (i = 0; i < count; i++)
        (sim_add_done_callback)(SIM_FUTURE(tasks[i]), on_left_over_done, left);
    /* Where main was interrupted, its own end may still stand in the queue. */
    do
        run_on(loop);
    while (left->count > 0);
}

void loop_close(struct sim_loop *loop, const struct sim_task *main)
{
    cancel_left_over(loop, main);
    /* shutdown_asyncgens and shutdown_default_executor take two turns each, of which waiting for
     * threads counts as the first. */
    if (loop->sim->close_generators != NULL && (!list_empty(&loop->generators) || can_turn(loop)))
        loop->sim->close_generators(loop);
    else
        run_ready_turns(loop, 2);
    loop->executor_closed = true;
    bool waited = loop->close_executor != NULL && loop->close_executor(loop);

    run_ready_turns(loop, waited ? 1 : 2);
    sim_look_stops(loop->sim, loop->thread->id);
}

enum sim_status sim_set_eager_tasks(struct sim *sim, bool eager)
{
    struct sim_loop *loop = loop_required(sim);

    if (loop == NULL)
        return SIM_RUNTIME_ERROR;
    loop->eager = eager;
    return SIM_OK;
}
