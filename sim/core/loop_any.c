/* Which call a loop makes next where it may be any of those that are ready (the freedom "any").
 *
 * Every task that is ready may go, and the loop may stop as soon as it has been told to.  Calls
 * that are no task's step stay in order among those of their kind: what was added (as call_soon
 * promises), timers that are due, and what descriptors are ready for; only the first of each kind
 * may go.  Where time is explored, so may the clock.
 *
 * Turns are no part of this: they only say in which order the options are listed, so that option 0
 * is always what asyncio does.  Whether something can go next is a matter of what has happened
 * before, and not of where a turn began. */
#include "sim/core/choose.h"
#include "sim/core/deadline.h"
#include "sim/core/poll.h"
#include "sim/core/task_state.h"

#define NOWHERE SIZE_MAX

/* The first call of each kind: its place in the ready queue, or the handle if it stands outside. */
struct firsts {
    size_t place[SIM_CALLS];
    struct sim_handle *outside[SIM_CALLS];
    bool clock; /* may go */
};

static bool is_call(const struct ready *ready)
{
    return task_of_ready(ready) == NULL && ready->run != loop_stop_now;
}

static enum sim_call kind_of(const struct ready *ready)
{
    const struct sim_handle *handle = ready->a;

    return ready->run == loop_run_handle ? (enum sim_call)handle->kind : SIM_CALL_ADDED;
}

static const struct timer *timer_at(const struct sim_loop *loop, size_t place)
{
    const struct sim_handle *handle = ready_at(&loop->ready, place)->a;

    return &handle->timer;
}

/* Does the call at one place of the queue come before that at another, of the same kind? */
static bool comes_first(const struct sim_loop *loop, enum sim_call kind, size_t place, size_t other)
{
    return other == NOWHERE || (kind == SIM_CALL_TIMER &&
                                timer_comes_before(timer_at(loop, place), timer_at(loop, other)));
}

static struct firsts find_firsts(const struct sim_loop *loop)
{
    struct firsts firsts = {.place = {NOWHERE, NOWHERE, NOWHERE}};
    struct timer *due = loop_first_due(loop);

    for (size_t i = 0; i < ready_count(&loop->ready); i++) {
        const struct ready *ready = ready_at(&loop->ready, i);
        enum sim_call kind = kind_of(ready);

        if (is_call(ready) && comes_first(loop, kind, i, firsts.place[kind]))
            firsts.place[kind] = i;
    }
    size_t *timer = &firsts.place[SIM_CALL_TIMER];

    if (due != NULL && (*timer == NOWHERE || timer_comes_before(due, timer_at(loop, *timer)))) {
        *timer = NOWHERE;
        firsts.outside[SIM_CALL_TIMER] = container_of(due, struct sim_handle, timer);
    }
    if (firsts.place[SIM_CALL_IO] == NOWHERE)
        firsts.outside[SIM_CALL_IO] = poll_first_ready(loop);
    return firsts;
}

static struct sim_option option_of(uint32_t actor, enum sim_call call)
{
    return (struct sim_option){.actor = actor, .op = SIM_EV_RESUME, .call = (uint8_t)call};
}

/* What stands at this place of the queue. */
static struct sim_option option_at(const struct sim_loop *loop, size_t place)
{
    const struct ready *ready = ready_at(&loop->ready, place);

    if (ready->run == loop_stop_now)
        return option_of(loop->thread->id, SIM_CALL_STOP);
    return is_call(ready) ? option_of(0, kind_of(ready))
                          : option_of(task_id(task_of_ready(ready)), SIM_CALL_ADDED);
}

static bool may_go(const struct sim_loop *loop, const struct firsts *firsts, size_t place)
{
    const struct ready *ready = ready_at(&loop->ready, place);

    return !is_call(ready) || firsts->place[kind_of(ready)] == place;
}

/* The queue from its front.  Returns how many of it may go. */
static uint32_t list_queue(const struct sim_loop *loop, const struct firsts *firsts,
                           struct sim_option *options)
{
    uint32_t count = 0;

    for (size_t i = 0; i < ready_count(&loop->ready); i++)
        if (may_go(loop, firsts, i))
            options[count++] = option_at(loop, i);
    return count;
}

/* What is due beside it, and the clock last.  Returns how many there are then. */
static uint32_t list_others(const struct sim_loop *loop, const struct firsts *firsts,
                            struct sim_option *options, uint32_t count)
{
    if (firsts->outside[SIM_CALL_IO] != NULL)
        options[count++] = option_of(0, SIM_CALL_IO);
    if (firsts->outside[SIM_CALL_TIMER] != NULL)
        options[count++] = option_of(0, SIM_CALL_TIMER);
    if (firsts->clock)
        options[count++] = deadline_option(loop->sim);
    return count;
}

/* The place in the queue of an option, of so many. */
static size_t place_of(const struct sim_loop *loop, const struct firsts *firsts, uint32_t option,
                       uint32_t count)
{
    size_t place = 0;

    if (count == ready_count(&loop->ready))
        return option;
    while (!may_go(loop, firsts, place) || option-- > 0)
        place++;
    return place;
}

static struct ready take_outside(struct sim_loop *loop, enum sim_call kind,
                                 struct sim_handle *handle)
{
    if (kind == SIM_CALL_TIMER)
        timers_remove(&loop->timers, &handle->timer);
    else
        poll_called(loop);
    return (struct ready){.run = loop_run_handle, .a = handle};
}

static void look_made(struct sim_loop *loop, const struct ready *ready)
{
    const struct sim_handle *handle = ready->a;
    enum sim_call kind = kind_of(ready);
    uint32_t nth = kind == SIM_CALL_ADDED ? ++loop->calls_made : (uint32_t)handle->timer.order;

    sim_look_call(loop->sim, SIM_LOOK_CALL_MADE, loop_call(loop, kind, nth));
    if (ready->run == loop_run_handle)
        loop_look_handle(handle);
}

/* Returns true if that was in the queue. */
static bool make_next(struct sim_loop *loop)
{
    struct sim *sim = loop->sim;
    struct firsts firsts = find_firsts(loop);
    struct sim_handle *const *outside = firsts.outside;
    bool other = ready_count(&loop->ready) > 0 || outside[SIM_CALL_IO] != NULL ||
                 outside[SIM_CALL_TIMER] != NULL;

    firsts.clock = deadline_may_come(loop, !other);
    SIM_ASSERT(other || firsts.clock);
    struct sim_option *options = sim_options(sim, ready_count(&loop->ready) + SIM_CALLS);
    uint32_t queued = list_queue(loop, &firsts, options);
    uint32_t count = list_others(loop, &firsts, options, queued);
    uint32_t taken = sim_choose(sim, SIM_CHOICE_TASK, options, count);
    bool is_io = taken == queued && outside[SIM_CALL_IO] != NULL;
    enum sim_call kind = is_io ? SIM_CALL_IO : SIM_CALL_TIMER;

    if (firsts.clock && taken == count - 1) {
        deadline_come(loop, !other);
        return false;
    }
    struct ready ready = taken < queued
                             ? ready_take(&loop->ready, place_of(loop, &firsts, taken, queued))
                             : take_outside(loop, kind, outside[kind]);

    if (is_call(&ready))
        look_made(loop, &ready);
    ready.run(sim, &ready);
    return taken < queued;
}

/* asyncio looks after a turn whether it was told to stop: the call that says so is the last of its
 * turn, or one that may come sooner.  If that is a later turn, it stands behind this one's. Returns
 * how many calls are this turn's. */
static size_t begin_turn(struct ready_queue *queue)
{
    size_t last = ready_count(queue);
    size_t count = last;

    for (size_t i = last; i-- > 0;) {
        struct ready *ready = ready_at(queue, i);
        uintptr_t turns = (uintptr_t)ready->c.pointer;

        if (ready->run != loop_stop_now)
            continue;
        ready->c.pointer = (void *)(turns - (turns > 1));
        count -= turns > 1;
        ready_move(queue, i, --last);
    }
    return count;
}

void loop_turn_in_any_order(struct sim_loop *loop)
{
    size_t left = begin_turn(&loop->ready);

    do
        left -= make_next(loop) && left > 0;
    while (left > 0 && loop->interrupt == NULL && !loop->stopping);
}
