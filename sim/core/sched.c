#include "sim/core/sched.h"

#include <stdlib.h>

#include "sim/core/deadline.h"
#include "sim/core/fiber_pool.h"
#include "sim/core/loop_state.h"
#include "sim/core/task_state.h"

/* The first thread of an asyncio program only carries the loop: outside tasks its lane would say
 * nothing. */
static inline bool silent(const struct sim_thread *thread)
{
    return thread->sim->async_main && thread->index == 0 && thread->task == NULL;
}

/* Where a thread goes on: on its own stack, or on that of the task that it runs. */
static inline struct fiber *fiber_of(const struct sim_thread *thread)
{
    return thread->task != NULL ? thread->task->fiber : thread->fiber;
}

static void thread_main(void *arg);

__attribute__((noinline)) void sched_prefer(struct sim *sim)
{
    int highest = 0;

    for (uint32_t i = 0; i < sim->thread_count; i++)
        if (sim->threads[i]->state == THREAD_RUNNABLE && sim->threads[i]->lent > highest)
            highest = sim->threads[i]->lent;
    sim->runnable = 0;
    for (uint32_t i = 0; i < sim->thread_count; i++) {
        enabled_remove(&sim->enabled, i);
        if (sim->threads[i]->state != THREAD_RUNNABLE || sim->threads[i]->lent < highest)
            continue;
        enabled_add(&sim->enabled, i);
        sim->runnable++;
    }
    const struct sim_thread *self = sim->running;
    bool gives_way = self->state == THREAD_RUNNABLE && !enabled_has(&sim->enabled, self->index);

    sim->asked_from = sim->time == SIM_TIME_EXPLORED || gives_way ? 0 : sim->unasked;
}

static inline void become_runnable(struct sim_thread *thread)
{
    thread->state = THREAD_RUNNABLE;
    thread->sim->runnable++;
    enabled_add(&thread->sim->enabled, thread->index);
    if (__builtin_expect(thread->sim->priorities, 0))
        sched_prefer(thread->sim);
}

static inline void no_longer_runnable(struct sim_thread *thread, enum thread_state state)
{
    SIM_ASSERT(thread->state == THREAD_RUNNABLE);
    thread->state = (uint8_t)state;
    thread->sim->runnable--;
    enabled_remove(&thread->sim->enabled, thread->index);
    if (__builtin_expect(thread->sim->priorities, 0))
        sched_prefer(thread->sim);
}

/* Is it not for the running thread, which is ready, to go on? */
static inline bool must_give_way(const struct sim *sim)
{
    return __builtin_expect(sim->priorities, 0) && !enabled_has(&sim->enabled, sim->running->index);
}

bool sched_make_room(struct sim *sim)
{
    if (sim->thread_count == sim->thread_capacity) {
        uint32_t capacity = sim->thread_capacity == 0 ? 8 : 2 * sim->thread_capacity;
        struct sim_thread **threads = realloc(sim->threads, capacity * sizeof(struct sim_thread *));

        if (threads == NULL)
            return false;
        sim->threads = threads;
        sim->thread_capacity = capacity;
    }
    return enabled_make_room(&sim->enabled, sim->thread_count);
}

static bool threads_add(struct sim *sim, struct sim_thread *thread)
{
    if (!sched_make_room(sim))
        return false;
    thread->index = sim->thread_count;
    sim->threads[sim->thread_count++] = thread;
    return true;
}

struct sim_thread *sched_thread_new(struct sim *sim, const char *name, sim_body_fn body, void *arg,
                                    const struct sim_site *site)
{
    const struct sim_thread *creator = sim->running;
    struct sim_thread *thread = sim_alloc_cleared(sim, sizeof(*thread));
    uint32_t parent = creator == NULL ? 0 : sim_actor(sim);

    thread->sim = sim;
    thread->body = body;
    thread->arg = arg;
    if (creator != NULL) {
        thread->process = creator->process;
        thread->priority = creator->priority;
        thread->lent = creator->priority;
    }
    thread->op = SIM_EV_RESUME;
    list_init(&thread->joiners);
    list_init(&thread->waiting);
    thread->id = sim_object_new(sim, SIM_OBJ_THREAD, name, parent, site);
    thread->fiber = fiber_new(sim->fibers, thread_main, thread);
    if (thread->fiber == NULL || !threads_add(sim, thread))
        sim_out_of_memory(sim);
    thread->fiber->actor = thread->id;
    thread->base = thread->fiber;
    become_runnable(thread);
    if (!silent(thread))
        sim_op(sim, SIM_EV_SPAWN, .actor = parent, .object = thread->id, .site = site);
    if (sim->priorities)
        sim_note(sim, SIM_EV_PRIORITY, .actor = parent, .object = thread->id,
                 .value = thread->lent);
    return thread;
}

static struct sim_task *find_task(const struct sim *sim, uint32_t id)
{
    for (struct sim_loop *loop = sim->loops; loop != NULL; loop = loop->next)
        LIST_EACH(node, &loop->tasks)
        {
            struct sim_task *task = container_of(node, struct sim_task, link);

            if (task_id(task) == id)
                return task;
        }
    return NULL;
}

/* Wake who was to be, once.  Returns false if there is none. */
static bool rescue(struct sim *sim)
{
    uint32_t id = sim->rescue;
    struct sim_task *task = id == 0 ? NULL : find_task(sim, id);

    if (id == 0)
        return false;
    sim->rescue = 0;
    sim->usual_max_steps = sim->max_steps;
    if (sim->max_steps - sim_step_now(sim) > sim->rescue_steps) {
        sim->max_steps = sim_step_now(sim) + sim->rescue_steps;
        sim->steps_left = sim->rescue_steps + 1;
    }
    sim_note(sim, SIM_EV_WAKE, .object = id, .aux = 1);
    if (task != NULL && task->waiting_for != NULL)
        future_finish(task->waiting_for, sim_none(), NULL);
    for (uint32_t i = 0; i < sim->thread_count; i++)
        if (sim->threads[i]->rescue != NULL && sim->threads[i]->id == id)
            sim->threads[i]->rescue(sim->threads[i]);
    return true;
}

/* What an alarm brings need not wake anybody. */
__attribute__((noinline)) void sched_wait_for_time(struct sim *sim)
{
    while (sim->runnable == 0)
        if (!deadline_pass(sim) && !rescue(sim))
            sim_abandon(sim, SIM_OUTCOME_STUCK);
}

/* Choose among the runnable threads and the clock, as often as the clock goes first. */
static __attribute__((noinline)) uint32_t choose_with_clock(struct sim *sim, uint32_t from,
                                                            bool preempting)
{
    for (;;) {
        bool clock = deadline_may_pass(sim);
        bool gives_way = !preempting && sim->running->state == THREAD_RUNNABLE;
        uint32_t runnable = sim->runnable;

        if (runnable + clock <= sim->unasked)
            return 0;
        struct sim_option *options = sim_options_runnable(sim, from);

        if (clock)
            options[runnable] = deadline_option(sim);
        uint32_t taken = sim_choose_from(sim, (struct sim_choice){.kind = SIM_CHOICE_THREAD,
                                                                  .preempting = preempting,
                                                                  .count = runnable + clock,
                                                                  .options = options,
                                                                  .from = from,
                                                                  .gives_way = gives_way});

        if (taken < runnable)
            return taken;
        deadline_pass_early(sim);
    }
}

/* Choose among the runnable threads, of which there must be two (or the clock), listed from index
 * from. */
static inline uint32_t choose_runnable(struct sim *sim, uint32_t from, bool preempting)
{
    /* Whoever gives way to one alone chooses nothing. */
    if (__builtin_expect(sim->priorities, 0) && sim->runnable == 1 &&
        sim->time != SIM_TIME_EXPLORED && (sim->policy == NULL || !sim->policy->every))
        return 0;
    if (__builtin_expect(sim->time != SIM_TIME_LATE, 0))
        return choose_with_clock(sim, from, preempting);
    return sim_choose_from(
        sim,
        (struct sim_choice){.kind = SIM_CHOICE_THREAD,
                            .preempting = preempting,
                            .count = sim->runnable,
                            .options = sim->lists_options ? sim_options_runnable(sim, from) : NULL,
                            .from = from,
                            .gives_way = !preempting && sim->running->state == THREAD_RUNNABLE});
}

uint32_t sched_choose_next(struct sim *sim)
{
    return choose_runnable(sim, sim->running->index, false);
}

/* Choose the next thread, beginning the list of options at index from. */
static inline __attribute__((always_inline)) struct sim_thread *pick(struct sim *sim, uint32_t from)
{
    uint32_t taken = 0;

    if (__builtin_expect(sim->runnable == 0, 0))
        sched_wait_for_time(sim);
    if (sim->runnable > sim->asked_from)
        taken = sim->plain ? sim_draw_thread(sim, false, false) : choose_runnable(sim, from, false);
    return sim->threads[enabled_nth(&sim->enabled, sim->thread_count, from, taken)];
}

static inline void announce_resume(struct sim_thread *thread, bool first)
{
    if (!silent(thread))
        sim_op(thread->sim, SIM_EV_RESUME, .actor = sim_actor(thread->sim), .value = first);
}

void sched_resume(struct sim *sim)
{
    announce_resume(sim->running, false);
}

/* Switch from the running thread, wherever it stands, to another. */
static inline void enter(struct sim *sim, struct sim_thread *next)
{
    struct sim_thread *self = sim->running;

    sim->running = next;
    if (__builtin_expect(sim->priorities, 0))
        sched_prefer(sim);
    fiber_switch(fiber_of(self), fiber_of(next));
    SIM_ASSERT(sim->running == self);
}

void sched_point_slow(struct sim *sim, enum sim_event_kind op, uint32_t object)
{
    struct sim_thread *self = sim->running;

    sched_announce(self, op, object);
    bool gives_way = must_give_way(sim);

    if (!gives_way && sim_may_pass(sim)) {
        sim_pass(sim);
        return;
    }
    uint32_t taken = choose_runnable(sim, self->index, !gives_way);

    if (taken == 0 && !gives_way)
        return;
    if (!silent(self))
        sim_note(sim, SIM_EV_PREEMPT, .actor = sim_actor(sim));
    enter(sim, sim->threads[enabled_nth(&sim->enabled, sim->thread_count, self->index, taken)]);
    announce_resume(self, false);
}

void sched_yield_thread(struct sim *sim, const struct sim_site *site)
{
    struct sim_thread *self = sim->running;

    sched_announce(self, SIM_EV_RESUME, 0);
    /* Nobody to give way to; but who does it for ever must meet the limit. */
    if (sim->runnable <= sim->asked_from) {
        sim_step(sim);
        return;
    }
    if (sim->plain)
        sim_refuse(sim); /* only a policy that knows more may say who goes on */
    struct sim_thread *next = pick(sim, (self->index + 1) % sim->thread_count);

    if (next == self) {
        sim->quiet++;
        if (sim->runnable == 1)
            sim_step(sim);
        return;
    }
    sim_op(sim, SIM_EV_SUSPEND, .actor = sim_actor(sim), .aux = SIM_WAIT_YIELD, .site = site);
    enter(sim, next);
    announce_resume(self, false);
}

/* Of a thread that waits for it itself, or of none (0). */
static void start(struct sim *sim, struct timers *timers, struct timer *timer, int64_t when_ns,
                  uint32_t thread)
{
    if (__builtin_expect(sim->clock != 0, 0))
        deadline_look_started(sim, thread);
    else
        sim_look_clock(sim);
    timer->when_ns = when_ns;
    timer->order = sim->timer_order++;
    timer->held = false;
    if (!timers_add(timers, timer))
        sim_out_of_memory(sim);
}

static void start_timer_at(struct sim_thread *thread, int64_t when_ns)
{
    thread->timed_out = false;
    start(thread->sim, &thread->sim->sleeps, &thread->timer, when_ns, thread->id);
}

static void start_timer(struct sim_thread *thread, int64_t delay_ns)
{
    int64_t now_ns = thread->sim->now_ns;

    start_timer_at(thread, delay_ns > INT64_MAX - now_ns ? INT64_MAX : now_ns + delay_ns);
}

void sched_set_alarm(struct sim *sim, struct alarm *alarm, int64_t when_ns)
{
    start(sim, &sim->alarms, &alarm->timer, when_ns, 0);
}

void sched_block(struct sim *sim, enum sim_wait why, uint32_t object, int64_t value,
                 const struct sim_site *site)
{
    struct sim_thread *self = sim->running;

    no_longer_runnable(self, THREAD_BLOCKED);
    sched_announce(self, sched_op_after(why), object);
    if (!silent(self))
        sim_op(sim, SIM_EV_SUSPEND, .actor = sim_actor(sim), .object = object, .aux = why,
               .value = value, .site = site);
    struct sim_thread *next = pick(sim, self->index);

    if (next != self)
        enter(sim, next);
    announce_resume(self, false);
}

bool sched_block_for(struct sim *sim, int64_t delay_ns, enum sim_wait why, uint32_t object,
                     const struct sim_site *site)
{
    struct sim_thread *self = sim->running;

    if (delay_ns >= 0)
        start_timer(self, delay_ns);
    sched_block(sim, why, object, delay_ns < 0 ? 0 : self->timer.when_ns, site);
    return delay_ns >= 0 && self->timed_out;
}

void sched_wake(struct sim_thread *thread, uint32_t by)
{
    struct sim *sim = thread->sim;

    if (thread->state != THREAD_BLOCKED)
        return;
    become_runnable(thread);
    if (__builtin_expect(thread->timer.place != 0, 0)) {
        timers_remove(&sim->sleeps, &thread->timer);
        sim_look_clock(sim);
    }
    if (!silent(thread))
        sim_note(sim, SIM_EV_WAKE, .actor = sim_waker(sim), .object = thread->id, .value = by);
}

void sched_unwake(struct sim_thread *thread)
{
    no_longer_runnable(thread, THREAD_BLOCKED);
}

void sched_unwake_until(struct sim_thread *thread, int64_t when_ns)
{
    SIM_ASSERT(when_ns > thread->sim->now_ns);
    no_longer_runnable(thread, THREAD_BLOCKED);
    start_timer_at(thread, when_ns);
}

void sched_sleep(struct sim *sim, int64_t delay_ns, const struct sim_site *site)
{
    if (delay_ns <= 0) {
        sched_yield_thread(sim, site);
        return;
    }
    start_timer(sim->running, delay_ns);
    sched_block(sim, sim->running->loop == NULL ? SIM_WAIT_SLEEP : SIM_WAIT_BLOCKING, 0,
                sim->running->timer.when_ns, site);
}

/* It can never be chosen again; who waits for its end does not any more. */
static void leave(struct sim_thread *thread)
{
    while (!list_empty(&thread->joiners)) {
        struct sim_thread *joiner = container_of(thread->joiners.next, struct sim_thread, waiting);

        list_remove(&joiner->waiting);
        sched_wake(joiner, thread->id);
    }
    if (thread->state == THREAD_RUNNABLE)
        no_longer_runnable(thread, THREAD_DONE);
    thread->state = THREAD_DONE;
}

void sched_kill(struct sim_thread *thread)
{
    struct sim *sim = thread->sim;

    SIM_ASSERT(thread != sim->running && thread->index != 0);
    if (thread->state == THREAD_DONE)
        return;
    list_remove(&thread->waiting);
    timers_remove(&sim->sleeps, &thread->timer);
    sim_op(sim, SIM_EV_KILL, .actor = sim_actor(sim), .object = thread->id);
    leave(thread);
    fiber_release(sim->fibers, thread->fiber);
    thread->fiber = NULL;
}

static void end(struct sim_thread *self, enum sim_status status)
{
    struct sim *sim = self->sim;

    self->status = status;
    self->exception = status == SIM_OK ? NULL : sim_ended_with(sim, status, self->raised);
    if (__builtin_expect(self->index == 0, 0) && sim->at_exit != NULL)
        sim->at_exit(sim);
    if (sim->plain) {
        sim_step(sim);
        summary_done(sim->summary, status);
    } else if (!silent(self))
        sim_op(sim, SIM_EV_DONE, .actor = self->id, .object = self->id, .aux = status,
               .value = sim_value_number(self->value));
    if (self->index == 0) {
        sim->result = self->value;
        sim->failure = self->exception;
        sim_abandon(sim, status == SIM_OK ? SIM_OUTCOME_FINISHED : SIM_OUTCOME_FAILED);
    }
    leave(self);
}

/* Not inline: a thread needs less of its stack while it runs. */
_Noreturn static __attribute__((noinline)) void finish(struct sim_thread *self,
                                                       enum sim_status status)
{
    struct sim *sim = self->sim;

    end(self, status);
    struct sim_thread *next = pick(sim, self->index);
    struct fiber *fiber = self->fiber;

    self->fiber = NULL;
    fiber_release(sim->fibers, fiber);
    sim->running = next;
    if (sim->priorities)
        sched_prefer(sim);
    fiber_leave(fiber_of(next));
}

/* Who waits for the end of a thread that has ended can run, where that is plain. */
static inline void wake_joiners_plain(struct sim *sim, struct sim_thread *self)
{
    while (!list_empty(&self->joiners)) {
        struct sim_thread *joiner = container_of(self->joiners.next, struct sim_thread, waiting);

        list_remove(&joiner->waiting);
        if (__builtin_expect(joiner->state != THREAD_BLOCKED || joiner->timer.place != 0, 0)) {
            sched_wake(joiner, self->id);
            continue;
        }
        joiner->state = THREAD_RUNNABLE;
        sim->runnable++;
        enabled_add_few(&sim->enabled, joiner->index);
    }
}

/* As finish, where that is plain, and it has ended well: but the first thread, which ends the run.
 */
_Noreturn static __attribute__((noinline)) void finish_plain(struct sim_thread *self)
{
    struct sim *sim = self->sim;
    struct fiber *fiber = self->fiber;

    SIM_ASSERT(self->state == THREAD_RUNNABLE);
    sim_step(sim);
    summary_done(sim->summary, SIM_OK);
    wake_joiners_plain(sim, self);
    self->state = THREAD_DONE;
    sim->runnable--;
    enabled_remove_few(&sim->enabled, self->index);
    struct sim_thread *next = sched_pick_plain(sim, self->index, false);

    self->fiber = NULL;
    fiber_put_back(sim->fibers, fiber);
    sim->running = next;
    fiber_leave(next->fiber);
}

static void thread_main(void *arg)
{
    struct sim_thread *self = arg;

    announce_resume(self, true);
    enum sim_status status = self->body(self->sim, self->arg);

    if (status == SIM_OK && self->index != 0 && self->sim->plain)
        finish_plain(self);
    finish(self, status);
}
