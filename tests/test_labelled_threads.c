/* Random programs of threads, judged by plain oracles that read the events of a run: who is passed
 * too often, whose priority is worth nothing, and who is kept waiting by a task that awaits. */
#include "tests/labelled.h"

#include <stdlib.h>
#include <string.h>

#include "sim/base/vec.h"
#include "sim/detect/starvation.h"
#include "sim/trace/sink.h"

enum { THREADS_MAX = 3, MUTEXES = 2, ROUNDS = 150, ACTORS = 64 };

struct member {
    uint32_t number;
    uint32_t rounds;
    uint32_t mutex;
    int64_t delay_ns;
    int64_t hold_ns;
    int priority;
    bool outside; /* of its mutex it does something, too */
    bool awaits;  /* while it has the mutex */
};

static struct {
    struct prng prng;
    struct member members[THREADS_MAX];
    uint32_t count;
    struct sim_mutex *mutexes[MUTEXES];
    struct sim_var *var;
    struct sim_event *events; /* owned */
    size_t event_count;
    size_t capacity;
    const struct registry *registry;
} p;

static uint32_t below(uint32_t bound)
{
    return prng_below(&p.prng, bound);
}

static void record_begin(struct sink *sink, const struct registry *registry)
{
    (void)sink;
    p.registry = registry;
    p.event_count = 0;
}

static void record_event(struct sink *sink, const struct sim_event *event)
{
    (void)sink;
    assert_true(vec_reserve(&p.events, p.event_count + 1, &p.capacity, sizeof(*p.events)));
    p.events[p.event_count++] = *event;
}

static struct sink recorder = {.begin = record_begin, .event = record_event};

static void draw_program(struct sim *sim, const void *seed)
{
    prng_seed(&p.prng, (uint64_t) * (const int64_t *)seed);
    p.count = THREADS_MAX;
    for (uint32_t i = 0; i < p.count; i++)
        p.members[i] = (struct member){.number = i,
                                       .rounds = 1 + below(ROUNDS),
                                       .mutex = below(4) / 3,
                                       .delay_ns = below(4) * SIM_MS,
                                       .hold_ns = below(3) * SIM_MS,
                                       .priority = 1 + (int)below(5),
                                       .outside = below(2) == 0,
                                       .awaits = below(2) == 0};
    p.mutexes[0] = sim_mutex_new(sim, "m");
    p.mutexes[1] = sim_mutex_new(sim, "n");
    p.var = sim_var_new(sim, "x", 0);
}

static enum sim_status run_threads(struct sim *sim, sim_body_fn body, bool priorities)
{
    struct sim_thread *threads[THREADS_MAX];

    for (uint32_t i = 0; i < p.count; i++) {
        threads[i] = sim_thread_new(sim, NULL, body, &p.members[i]);
        if (priorities)
            SIM_TRY(sim_thread_set_priority(threads[i], p.members[i].priority));
    }
    for (uint32_t i = 0; i < p.count; i++)
        SIM_TRY(sim_thread_join(threads[i], NULL));
    return SIM_OK;
}

/* Starvation. */

static enum sim_status go_round(struct sim *sim, void *arg)
{
    const struct member *self = arg;

    (void)sim;
    for (uint32_t i = 0; i < self->rounds; i++) {
        sim_mutex_lock(p.mutexes[self->mutex]);
        (void)sim_read(p.var);
        SIM_TRY(sim_mutex_unlock(p.mutexes[self->mutex]));
        if (self->outside)
            (void)sim_read(p.var);
    }
    return SIM_OK;
}

static enum sim_status rounds(struct sim *sim, void *seed)
{
    draw_program(sim, seed);
    return run_threads(sim, go_round, false);
}

/* Of everybody's waits, from the first time that he is shut out until he has the mutex: does one
 * other take it so many times? */
static uint64_t label_rounds(enum sim_outcome outcome)
{
    uint32_t waits_for[ACTORS] = {0};
    int passed[ACTORS][ACTORS] = {{0}};

    (void)outcome;
    for (size_t i = 0; i < p.event_count; i++) {
        const struct sim_event *event = &p.events[i];

        assert_true(event->actor < ACTORS);
        if (event->kind == SIM_EV_SUSPEND && event->aux == SIM_WAIT_LOCK &&
            waits_for[event->actor] == 0) {
            waits_for[event->actor] = event->object;
            memset(passed[event->actor], 0, sizeof(passed[0]));
        }
        if (event->kind != SIM_EV_ACQUIRE)
            continue;
        waits_for[event->actor] = 0;
        for (uint32_t waiter = 0; waiter < ACTORS; waiter++)
            if (waits_for[waiter] == event->object &&
                ++passed[waiter][event->actor] >= STARVATION_TIMES)
                return KIND(STARVATION);
    }
    return 0;
}

static void who_is_passed_too_often_is_starved(void **state)
{
    (void)state;
    labels_are_found(&(struct labelled){
        .main = rounds,
        .label = label_rounds,
        .kinds = KIND(STARVATION),
        .programs = 60,
        .schedules = 40,
        .threads = true,
        .pct = true,
        .also = &recorder,
    });
}

/* Priorities. */

static enum sim_status work(struct sim *sim, void *arg)
{
    const struct member *self = arg;

    sim_thread_sleep(sim, self->delay_ns);
    if (self->outside) {
        for (int i = 0; i < 5; i++)
            sim_write(p.var, i);
        return SIM_OK;
    }
    sim_mutex_lock(p.mutexes[self->mutex]);
    sim_thread_sleep(sim, self->hold_ns);
    (void)sim_read(p.var);
    return sim_mutex_unlock(p.mutexes[self->mutex]);
}

static enum sim_status priorities(struct sim *sim, void *seed)
{
    draw_program(sim, seed);
    sim_use_priorities(sim);
    SIM_TRY(sim_thread_set_priority(sim_thread_self(sim), 50));
    /* In half of the programs the first has the mutex early, and one does without. */
    if (below(2) == 0) {
        p.members[0].priority = 1;
        p.members[0].delay_ns = 0;
        p.members[0].hold_ns = 2 * SIM_MS;
        p.members[0].outside = false;
        p.members[1].delay_ns = 2 * SIM_MS;
        p.members[1].outside = true;
        p.members[2].delay_ns = (1 + below(2)) * SIM_MS;
    }
    /* One of the protocols that make it impossible, at times. */
    if (below(3) == 0)
        for (int i = 0; i < MUTEXES; i++)
            SIM_TRY(sim_mutex_set_protocol(p.mutexes[i], SIM_MUTEX_INHERIT, 0));
    return run_threads(sim, work, true);
}

/* Somebody runs, while one above him waits for a mutex whose holder, below him, is ready. */
static uint64_t label_priorities(enum sim_outcome outcome)
{
    int64_t own[ACTORS] = {0};
    uint32_t waits_for[ACTORS] = {0};
    uint32_t holder[ACTORS] = {0};
    bool ready[ACTORS] = {false};

    (void)outcome;
    for (size_t i = 0; i < p.event_count; i++) {
        const struct sim_event *event = &p.events[i];

        assert_true(event->actor < ACTORS && event->object < ACTORS);
        if (event->kind == SIM_EV_PRIORITY && event->aux == 0)
            own[event->object] = event->value;
        if (event->kind == SIM_EV_WAKE)
            ready[event->object] = true;
        if (event->kind == SIM_EV_SUSPEND) {
            ready[event->actor] = false;
            waits_for[event->actor] = event->aux == SIM_WAIT_LOCK ? event->object : 0;
        }
        if (event->kind == SIM_EV_ACQUIRE)
            holder[event->object] = event->actor;
        if (event->kind == SIM_EV_RELEASE)
            holder[event->object] = 0;
        if (event->kind != SIM_EV_RESUME)
            continue;
        ready[event->actor] = true;
        waits_for[event->actor] = 0;
        for (uint32_t high = 1; high < ACTORS; high++) {
            uint32_t low = waits_for[high] == 0 ? 0 : holder[waits_for[high]];

            if (low != 0 && low != event->actor && ready[low] && !ready[high] &&
                own[low] < own[event->actor] && own[event->actor] < own[high])
                return KIND(PRIORITY_INVERSION);
        }
    }
    return 0;
}

static void who_waits_for_one_that_a_third_keeps_from_running_is_inverted(void **state)
{
    (void)state;
    labels_are_found(&(struct labelled){
        .main = priorities,
        .label = label_priorities,
        .kinds = KIND(PRIORITY_INVERSION),
        .programs = 1000,
        .schedules = 5,
        .threads = true,
        .also = &recorder,
    });
}

/* A task that awaits with a mutex. */

/* One mutex after the other: who has waited for one may sleep, or wait for another, when it matters
 * who waits. */
static enum sim_status lock_in_thread(struct sim *sim, void *arg)
{
    const struct member *self = arg;

    for (uint32_t i = 0; i < p.count; i++) {
        uint32_t mutex = (self->mutex + i) % MUTEXES;

        sim_thread_sleep(sim, p.members[i].delay_ns);
        sim_mutex_lock(p.mutexes[mutex]);
        sim_thread_sleep(sim, p.members[i].hold_ns);
        (void)sim_read(p.var);
        SIM_TRY(sim_mutex_unlock(p.mutexes[mutex]));
    }
    return SIM_OK;
}

static enum sim_status lock_and_await(struct sim *sim, void *seed)
{
    draw_program(sim, seed);
    struct sim_thread *threads[] = {sim_thread_new(sim, NULL, lock_in_thread, &p.members[0]),
                                    sim_thread_new(sim, NULL, lock_in_thread, &p.members[1])};

    for (uint32_t i = 1; i < p.count; i++) {
        const struct member *self = &p.members[i];

        SIM_TRY(sim_sleep(sim, self->delay_ns));
        sim_mutex_lock(p.mutexes[self->mutex]);
        if (self->awaits)
            SIM_TRY(sim_sleep(sim, self->hold_ns));
        (void)sim_read(p.var);
        SIM_TRY(sim_mutex_unlock(p.mutexes[self->mutex]));
    }
    SIM_TRY(sim_thread_join(threads[0], NULL));
    return sim_thread_join(threads[1], NULL);
}

/* A thread is shut out before a task that has the mutex goes on after an await. */
static uint64_t label_await(enum sim_outcome outcome)
{
    uint32_t waits_for[ACTORS] = {0};
    uint32_t holder[ACTORS] = {0};
    bool awaits[ACTORS] = {false};

    (void)outcome;
    for (size_t i = 0; i < p.event_count; i++) {
        const struct sim_event *event = &p.events[i];

        if (event->kind == SIM_EV_SUSPEND) {
            waits_for[event->actor] = event->aux == SIM_WAIT_LOCK ? event->object : 0;
            awaits[event->actor] = event->aux == SIM_WAIT_SLEEP || event->aux == SIM_WAIT_YIELD;
        }
        if (event->kind == SIM_EV_ACQUIRE)
            holder[event->object] = event->actor;
        if (event->kind == SIM_EV_RELEASE)
            holder[event->object] = 0;
        if (event->kind != SIM_EV_RESUME)
            continue;
        waits_for[event->actor] = 0;
        for (uint32_t waiter = 1; waiter < ACTORS; waiter++)
            if (waits_for[waiter] != 0 && awaits[event->actor] &&
                holder[waits_for[waiter]] == event->actor &&
                registry_object(p.registry, event->actor)->kind == SIM_OBJ_TASK)
                return KIND(AWAIT_UNDER_LOCK);
        awaits[event->actor] = false;
    }
    return 0;
}

static void a_task_that_awaits_with_a_mutex_keeps_others_waiting(void **state)
{
    (void)state;
    labels_are_found(&(struct labelled){
        .main = lock_and_await,
        .label = label_await,
        .kinds = KIND(AWAIT_UNDER_LOCK),
        .programs = 500,
        .schedules = 10,
        .also = &recorder,
    });
}

static int forget_events(void **state)
{
    (void)state;
    free(p.events);
    p.events = NULL;
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(who_is_passed_too_often_is_starved),
        cmocka_unit_test(who_waits_for_one_that_a_third_keeps_from_running_is_inverted),
        cmocka_unit_test(a_task_that_awaits_with_a_mutex_keeps_others_waiting),
    };

    return cmocka_run_group_tests_name("labelled_threads", tests, NULL, forget_events);
}
