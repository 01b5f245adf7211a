#include "sim/core/deadline.h"

#include "sim/core/choose.h"
#include "sim/core/poll.h"

/* ---- Which is next. ---- */

struct soonest {
    int64_t when_ns;
    bool any;
};

static void consider(struct soonest *soonest, const struct timer *timer)
{
    if (timer == NULL)
        return;
    if (!soonest->any || timer->when_ns < soonest->when_ns)
        soonest->when_ns = timer->when_ns;
    soonest->any = true;
}

/* Does its thread wait in it for the next deadline? */
static bool is_asleep(const struct sim_loop *loop)
{
    return loop->thread->state == THREAD_BLOCKED && loop->selecting;
}

/* The next deadline that somebody waits for who cannot run. */
static struct soonest soonest_of_blocked(const struct sim *sim)
{
    struct soonest soonest = {0};

    consider(&soonest, timers_first(&sim->sleeps));
    consider(&soonest, timers_first(&sim->alarms));
    for (const struct sim_loop *loop = sim->loops; loop != NULL; loop = loop->next)
        if (is_asleep(loop))
            consider(&soonest, timers_first(&loop->timers));
    return soonest;
}

/* ---- Time moves. ---- */

/* The timer that is due next; NULL if none is due. */
static struct timer *take_due(struct sim *sim, struct timers *timers)
{
    struct timer *first = timers_first(timers);

    if (first == NULL || first->when_ns > sim->now_ns)
        return NULL;
    timers_remove(timers, first);
    return first;
}

/* It waits no more, in whatever queue it stood: who is signalled after this is another. */
static void wake_sleeper(struct sim *sim, struct sim_thread *thread)
{
    thread->timed_out = true;
    thread->op = SIM_EV_RESUME; /* it does not go on with what it waited for */
    list_remove(&thread->waiting);
    if (thread->op_object != 0 && sim->clock != 0)
        sim_look_changed(sim, thread->op_object);
    sim_note(sim, SIM_EV_FIRE, .object = thread->id);
    sched_wake(thread, 0);
}

/* Threads that wait for what is due wake: nobody else has woken them. */
static void wake_due_threads(struct sim *sim)
{
    struct timer *due;

    sim->by_time = true;
    while ((due = take_due(sim, &sim->sleeps)) != NULL)
        wake_sleeper(sim, container_of(due, struct sim_thread, timer));
    for (struct sim_loop *loop = sim->loops; loop != NULL; loop = loop->next) {
        struct timer *timer = timers_first(&loop->timers);

        if (timer != NULL && loop->selecting && timer->when_ns <= sim->now_ns)
            sched_wake(loop->thread, 0);
    }
    sim->by_time = false;
}

static void ring(struct sim *sim, struct timer *timer)
{
    struct alarm *alarm = container_of(timer, struct alarm, timer);

    sim->by_time = true;
    alarm->ring(sim, alarm);
    sim->by_time = false;
}

/* What is due outside of threads comes first. */
static void wake_due(struct sim *sim)
{
    struct timer *due;

    while ((due = take_due(sim, &sim->alarms)) != NULL)
        ring(sim, due);
    wake_due_threads(sim);
}

/* What has come due can be called from now on, where any call may go. */
static void look_at_due(const struct sim_loop *loop, int64_t from_ns)
{
    if (!loop_goes_in_any_order(loop))
        return;
    for (size_t i = 0; i < loop->timers.count; i++)
        if (loop->timers.heap[i]->when_ns > from_ns && loop_is_due(loop, loop->timers.heap[i]))
            loop_look_due(container_of(loop->timers.heap[i], struct sim_handle, timer), false);
}

/* Time never runs backwards, and who sees it move is told who moved it. */
static void move_clock(struct sim *sim, int64_t when_ns, bool early)
{
    int64_t from_ns = sim->now_ns;

    if (when_ns > sim->now_ns)
        sim->now_ns = when_ns;
    if (sim->clock != 0)
        sim_op(sim, SIM_EV_CLOCK, .actor = sim->clock, .object = sim->clock, .aux = early,
               .value = when_ns);
    if (sim->unasked != 0)
        return; /* only a policy that must know of every step is told */
    for (const struct sim_loop *loop = sim->loops; loop != NULL && sim->wanted[SIM_EV_LOOK];
         loop = loop->next)
        look_at_due(loop, from_ns);
}

bool deadline_pass(struct sim *sim)
{
    struct soonest soonest = soonest_of_blocked(sim);

    if (!soonest.any)
        return false;
    if (sim->clock != 0 && sim->unasked == 0) {
        struct sim_option option = deadline_option(sim);

        (void)sim_choose(sim, SIM_CHOICE_THREAD, &option, 1);
    }
    move_clock(sim, soonest.when_ns, false);
    wake_due(sim);
    return true;
}

/* ---- Time moves although something can run. ---- */

/* Is there a deadline left that may pass before its turn? */
static bool may_be_early(struct sim *sim)
{
    if (sim->early_left > 0)
        return true;
    sim->withheld |= SIM_WITHHELD_EARLY;
    return false;
}

struct sim_option deadline_option(const struct sim *sim)
{
    struct soonest soonest = soonest_of_blocked(sim);
    struct timer *first = timers_first(&sim->sleeps);
    uint32_t object = 0;

    /* If it is one thread that is known to wait for something. */
    if (first != NULL && first->when_ns == soonest.when_ns)
        object = container_of(first, struct sim_thread, timer)->op_object;
    for (size_t i = 1; i < sim->sleeps.count && object != 0; i++)
        if (sim->sleeps.heap[i]->when_ns == soonest.when_ns)
            object = 0;
    return (struct sim_option){.actor = sim->clock, .object = object, .op = SIM_EV_CLOCK};
}

static void look_waits(struct sim *sim, bool first, uint32_t thread)
{
    sim_look(sim, sim->clock);
    sim_note(sim, SIM_EV_LOOK, .actor = sim_actor(sim), .object = sim->clock,
             .aux = first ? SIM_LOOK_WAITS_FIRST : SIM_LOOK_WAITS, .value = thread);
}

void deadline_look_started(struct sim *sim, uint32_t thread)
{
    if (sim->unasked == 0)
        look_waits(sim, !soonest_of_blocked(sim).any, thread);
}

bool deadline_may_pass(struct sim *sim)
{
    if (sim->time != SIM_TIME_EXPLORED)
        return false;
    /* What only a loop waits for that runs now is looked at when it begins a turn. */
    bool any = sim->sleeps.count > 0 || (sim->alarms.count > 0 && sim->running->loop == NULL);

    for (const struct sim_loop *loop = sim->loops; loop != NULL && !any; loop = loop->next)
        any = is_asleep(loop) && loop->timers.count > 0;
    return any && may_be_early(sim);
}

void deadline_pass_early(struct sim *sim)
{
    sim->early_left--;
    move_clock(sim, soonest_of_blocked(sim).when_ns, true);
    wake_due(sim);
}

bool sim_choice_time_is_late(const struct sim_choice *choice)
{
    return choice->sim->time == SIM_TIME_LATE;
}

uint32_t sim_choice_early_left(const struct sim_choice *choice)
{
    /* Where a turn of a loop lets any deadline come, some cost nothing. */
    return deadline_any_order(choice->sim) ? UINT32_MAX : choice->sim->early_left;
}

/* ---- A turn of a loop, in order. ---- */

/* The next deadline of all that is not due yet, those of this loop included. */
static struct soonest soonest_at_turn(const struct sim_loop *loop)
{
    const struct sim *sim = loop->sim;
    struct soonest soonest = soonest_of_blocked(sim);

    for (size_t i = 0; i < loop->timers.count; i++)
        if (loop->timers.heap[i]->when_ns > sim->now_ns)
            consider(&soonest, loop->timers.heap[i]);
    return soonest;
}

static void turn_in_order(struct sim_loop *loop)
{
    struct sim *sim = loop->sim;

    for (;;) {
        struct soonest soonest = soonest_at_turn(loop);

        if (!soonest.any || !may_be_early(sim))
            return;
        struct sim_option *options = sim_options(sim, 2);

        options[0] = (struct sim_option){.actor = loop->thread->id, .op = SIM_EV_RESUME};
        options[1] = deadline_option(sim);
        if (sim_choose(sim, SIM_CHOICE_TIME, options, 2) == 0)
            return;
        sim->early_left--;
        move_clock(sim, soonest.when_ns, true);
        wake_due(sim);
    }
}

/* ---- A turn of a loop, in any order. ---- */

/* All that could come next: timers of the loop and alarms, sorted. */
struct candidates {
    struct timer **at; /* in the arena */
    size_t count;
};

static void insert(struct candidates *candidates, struct timer *timer)
{
    size_t at = candidates->count++;

    for (; at > 0 && timer_comes_before(timer, candidates->at[at - 1]); at--)
        candidates->at[at] = candidates->at[at - 1];
    candidates->at[at] = timer;
}

static struct candidates collect(struct sim_loop *loop)
{
    struct sim *sim = loop->sim;
    size_t room = loop->timers.count + sim->alarms.count;
    struct candidates candidates = {0};

    if (room == 0)
        return candidates;
    candidates.at = sim_alloc(sim, room * sizeof(struct timer *));
    for (size_t i = 0; i < loop->timers.count; i++)
        insert(&candidates, loop->timers.heap[i]);
    for (size_t i = 0; i < sim->alarms.count; i++)
        insert(&candidates, sim->alarms.heap[i]);
    return candidates;
}

static bool is_in(const struct timers *timers, const struct timer *timer)
{
    return timer->place > 0 && timer->place <= timers->count &&
           timers->heap[timer->place - 1] == timer;
}

/* What comes if nothing is late or early: the index of a candidate, or none (their number). */
static size_t in_its_turn(const struct sim *sim, const struct candidates *candidates, bool forced)
{
    for (size_t i = 0; i < candidates->count; i++)
        if (!candidates->at[i]->held && candidates->at[i]->when_ns <= sim->now_ns)
            return i;
    return forced ? 0 : candidates->count;
}

/* Option 0 is what comes in its turn, and the others follow in order; where something else can
 * run, it is one of them that nothing comes. */
static size_t choose_next(struct sim *sim, const struct candidates *candidates, bool forced)
{
    size_t usual = in_its_turn(sim, candidates, forced);
    uint32_t count = (uint32_t)candidates->count + !forced;

    if (count < 2 || !may_be_early(sim))
        return usual;
    struct sim_option *options = sim_options(sim, count);

    for (uint32_t i = 0; i < count; i++)
        options[i] = deadline_option(sim);
    if (usual == candidates->count)
        options[0] = (struct sim_option){.actor = sim->running->id, .op = SIM_EV_RESUME};
    else if (!forced)
        options[count - 1] = (struct sim_option){.actor = sim->running->id, .op = SIM_EV_RESUME};
    size_t taken = sim_choose(sim, SIM_CHOICE_TIME, options, count);

    if (taken == 0)
        return usual;
    sim->early_left--;
    /* Without the usual one, counted from 1. */
    return taken <= usual ? taken - 1 : taken;
}

/* What the one that comes has overtaken, or all that is due if none comes, is held back: it comes
 * when it is chosen, or when nothing else can. */
static void hold_back(const struct sim *sim, const struct candidates *candidates, size_t comes)
{
    for (size_t i = 0; i < candidates->count; i++)
        if (comes < candidates->count ? i < comes : candidates->at[i]->when_ns <= sim->now_ns)
            candidates->at[i]->held = true;
}

/* Let one come.  Returns false if it is a timer of the loop, to be called in this turn. */
static bool let_come(struct sim_loop *loop, struct timer *timer, bool early)
{
    struct sim *sim = loop->sim;
    bool is_alarm = is_in(&sim->alarms, timer);

    timers_remove(is_alarm ? &sim->alarms : &loop->timers, timer);
    timer->held = false;
    move_clock(sim, timer->when_ns, early);
    if (is_alarm)
        ring(sim, timer);
    wake_due_threads(sim);
    return is_alarm;
}

static void turn_in_any_order(struct sim_loop *loop)
{
    struct sim *sim = loop->sim;
    size_t room = loop->timers.count;
    struct sim_handle **came = room == 0 ? NULL : sim_alloc(sim, room * sizeof(*came));
    size_t count = 0;

    for (;;) {
        struct candidates candidates = collect(loop);
        bool forced = count == 0 && ready_count(&loop->ready) == 0 && list_empty(&loop->polled);
        size_t next = choose_next(sim, &candidates, forced);

        hold_back(sim, &candidates, next);
        if (next == candidates.count)
            break;
        struct timer *timer = candidates.at[next];

        if (!let_come(loop, timer, !forced))
            came[count++] = container_of(timer, struct sim_handle, timer);
    }
    poll_push_ready(loop);
    for (size_t i = 0; i < count; i++)
        loop_push_handle(came[i]);
}

/* ---- A loop whose calls go in any order. ---- */

/* All deadlines that could come although others are due: those to come, and those held back. */
static struct candidates collect_not_due(struct sim_loop *loop)
{
    struct candidates candidates = collect(loop);
    size_t count = 0;

    for (size_t i = 0; i < candidates.count; i++)
        if (is_in(&loop->sim->alarms, candidates.at[i]) || !loop_is_due(loop, candidates.at[i]))
            candidates.at[count++] = candidates.at[i];
    candidates.count = count;
    return candidates;
}

static bool is_any_not_due(const struct sim_loop *loop)
{
    bool any = loop->sim->alarms.count > 0;

    for (size_t i = 0; i < loop->timers.count && !any; i++)
        any = !loop_is_due(loop, loop->timers.heap[i]);
    return any;
}

bool deadline_may_come(struct sim_loop *loop, bool forced)
{
    return loop->sim->time == SIM_TIME_EXPLORED && is_any_not_due(loop) &&
           (forced || may_be_early(loop->sim));
}

void deadline_look_new(struct sim_loop *loop, int64_t when_ns)
{
    struct sim *sim = loop->sim;

    if (sim->clock != 0 && sim->unasked == 0 && when_ns > sim->now_ns &&
        loop_goes_in_any_order(loop))
        look_waits(sim, !is_any_not_due(loop), 0);
    else
        sim_look_clock(sim);
}

void deadline_come(struct sim_loop *loop, bool forced)
{
    struct sim *sim = loop->sim;
    struct candidates candidates = collect_not_due(loop);
    uint32_t left = sim->early_left;
    size_t next = choose_next(sim, &candidates, true);

    SIM_ASSERT(candidates.at != NULL && next < candidates.count);
    struct timer *timer = candidates.at[next];

    /* Only what comes since nothing else can, and in its turn, is not early. */
    if (!forced && sim->early_left == left)
        sim->early_left--;
    hold_back(sim, &candidates, next);
    if (is_in(&sim->alarms, timer)) {
        (void)let_come(loop, timer, !forced);
        return;
    }
    bool was_held = timer->held && timer->when_ns <= sim->now_ns;

    timer->held = false;
    move_clock(sim, timer->when_ns, !forced);
    if (was_held)
        loop_look_due(container_of(timer, struct sim_handle, timer), true);
    wake_due_threads(sim);
}

bool deadline_turn(struct sim_loop *loop)
{
    struct sim *sim = loop->sim;

    sim_look_clock(sim);
    if (deadline_any_order(sim)) {
        turn_in_any_order(loop);
        return true;
    }
    if (sim->time == SIM_TIME_EXPLORED)
        turn_in_order(loop);
    return false;
}

bool deadline_is_next_for(const struct sim_loop *loop)
{
    const struct sim *sim = loop->sim;
    struct soonest own = {0};
    struct soonest other = {0};

    consider(&own, timers_first(&loop->timers));
    consider(&own, timers_first(&sim->alarms));
    consider(&other, timers_first(&sim->sleeps));
    for (const struct sim_loop *each = sim->loops; each != NULL; each = each->next)
        if (is_asleep(each))
            consider(&other, timers_first(&each->timers));
    return sim->runnable == 1 && own.any && (!other.any || own.when_ns < other.when_ns);
}
