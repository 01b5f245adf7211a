/* Random threads that look, write, notify and wait at random, judged by plain oracles that read the
 * events of a run: who waits because of what is no longer so, and who goes on without another look.
 * Waits end by a notification, at a deadline, or for no reason. */
#include "tests/labelled.h"

#include <string.h>

#include "sim/trace/sink.h"

enum { THREADS = 3, OPS = 9, THINGS = 2, EVENTS_KEPT = 1024 };

enum deed { LOOK, WRITE, NOTIFY, NOTIFY_ALL, WAIT, DEEDS };

struct member {
    uint8_t deeds[OPS];
    uint8_t things[OPS];
    uint8_t values[OPS];
};

static struct {
    struct member members[THREADS];
    struct sim_mutex *mutex;
    struct sim_condvar *conditions[THINGS];
    struct sim_var *variables[THINGS];
    struct sim_event events[EVENTS_KEPT];
    int count;
} p;

static void record_begin(struct sink *sink, const struct registry *registry)
{
    (void)sink;
    (void)registry;
    p.count = 0;
}

static void record_event(struct sink *sink, const struct sim_event *event)
{
    (void)sink;
    assert_true(p.count < EVENTS_KEPT);
    p.events[p.count++] = *event;
}

static struct sink recorder = {.begin = record_begin, .event = record_event};

static enum sim_status wait_a_little(struct sim *sim, struct sim_condvar *condition)
{
    sim_mutex_lock(p.mutex);
    enum sim_status status = sim_condvar_timedwait(condition, p.mutex, sim_now(sim) + SIM_MS);

    SIM_TRY(sim_mutex_unlock(p.mutex));
    return status == SIM_TIMEOUT ? SIM_OK : status;
}

static enum sim_status act(struct sim *sim, void *arg)
{
    const struct member *self = arg;

    for (int i = 0; i < OPS; i++) {
        int thing = self->things[i];

        if (self->deeds[i] == LOOK)
            (void)sim_read(p.variables[thing]);
        else if (self->deeds[i] == WRITE)
            sim_write(p.variables[thing], self->values[i]);
        else if (self->deeds[i] == NOTIFY)
            sim_condvar_signal(p.conditions[thing]);
        else if (self->deeds[i] == NOTIFY_ALL)
            sim_condvar_broadcast(p.conditions[thing]);
        else
            SIM_TRY(wait_a_little(sim, p.conditions[thing]));
    }
    return SIM_OK;
}

static enum sim_status program(struct sim *sim, void *seed)
{
    struct sim_thread *threads[THREADS];
    struct prng prng;

    prng_seed(&prng, (uint64_t) * (const int64_t *)seed);
    p.mutex = sim_mutex_new(sim, "mutex");
    for (int i = 0; i < THINGS; i++) {
        p.conditions[i] = sim_condvar_new(sim, NULL);
        p.variables[i] = sim_var_new(sim, NULL, 0);
    }
    for (int i = 0; i < THREADS; i++)
        for (int k = 0; k < OPS; k++) {
            p.members[i].deeds[k] = (uint8_t)prng_below(&prng, DEEDS);
            p.members[i].things[k] = (uint8_t)(prng_below(&prng, 4) / 3);
            p.members[i].values[k] = (uint8_t)prng_below(&prng, 2);
        }
    for (int i = 0; i < THREADS; i++)
        threads[i] = sim_thread_new(sim, NULL, act, &p.members[i]);
    for (int i = 0; i < THREADS; i++)
        SIM_TRY(sim_thread_join(threads[i], NULL));
    return SIM_OK;
}

/* The last event of a kind before another; actor and object 0: whoever, whatever.  -1: none. */
static int last(int before, enum sim_event_kind kind, uint32_t actor, uint32_t object)
{
    for (int i = before - 1; i >= 0; i--)
        if (p.events[i].kind == kind && (actor == 0 || p.events[i].actor == actor) &&
            (object == 0 || p.events[i].object == object))
            return i;
    return -1;
}

static int last_unheard(int before, uint32_t condition)
{
    int at = last(before, SIM_EV_NOTIFY, 0, condition);

    while (at >= 0 && p.events[at].value != 0)
        at = last(at, SIM_EV_NOTIFY, 0, condition);
    return at;
}

/* He waits because of what he read, before the one who notified nobody had changed it; and it was
 * not changed since. */
static bool is_early(int wait)
{
    const struct sim_event *event = &p.events[wait];
    int read = last(wait, SIM_EV_READ, event->actor, 0);
    int notify = last_unheard(wait, event->object);

    if (read < 0 || notify < 0)
        return false;
    int write = last(wait, SIM_EV_WRITE, 0, p.events[read].object);

    return read < write && write < notify && p.events[write].actor == p.events[notify].actor &&
           p.events[write].actor != event->actor;
}

/* He was woken, and writes without having read anything; but another has made so again, since that
 * notification, what he had waited because of. */
static bool is_unlooped(int act)
{
    const struct sim_event *event = &p.events[act];
    int woken = last(act, SIM_EV_COND_WOKEN, event->actor, 0);

    if (woken < 0 || p.events[woken].aux != SIM_OK ||
        last(act, SIM_EV_WRITE, event->actor, 0) > woken ||
        last(act, SIM_EV_READ, event->actor, 0) > woken ||
        last(act, SIM_EV_COND_WAIT, event->actor, 0) > woken)
        return false;
    int wait = last(woken, SIM_EV_COND_WAIT, event->actor, p.events[woken].object);
    int read = last(wait, SIM_EV_READ, event->actor, 0);
    int notify = last(woken, SIM_EV_NOTIFY, 0, p.events[woken].object);

    if (read < 0)
        return false;
    int write = last(act, SIM_EV_WRITE, 0, p.events[read].object);

    return write > read && write > notify && p.events[write].actor != event->actor &&
           p.events[write].value == p.events[read].value;
}

static uint64_t label(enum sim_outcome outcome)
{
    uint64_t kinds = 0;

    assert_int_equal(outcome, SIM_OUTCOME_FINISHED);
    for (int i = 0; i < p.count; i++) {
        if (p.events[i].kind == SIM_EV_COND_WAIT && is_early(i))
            kinds |= KIND(EARLY_NOTIFY);
        if (p.events[i].kind == SIM_EV_WRITE && is_unlooped(i))
            kinds |= KIND(WAIT_WITHOUT_LOOP);
    }
    return kinds;
}

static const struct labelled conditions = {.main = program,
                                           .label = label,
                                           .kinds = KIND(EARLY_NOTIFY) | KIND(WAIT_WITHOUT_LOOP),
                                           .programs = FIBER_ASAN ? 200 : 2000,
                                           .schedules = 20,
                                           .threads = true,
                                           .also = &recorder};

static void who_waits_or_acts_on_what_is_no_longer_so_is_told_of(void **state)
{
    (void)state;
    labels_are_found(&conditions);
}

static void so_he_is_where_waits_end_for_no_reason(void **state)
{
    struct labelled explored = conditions;

    (void)state;
    explored.time = SIM_TIME_EXPLORED;
    labels_are_found(&explored);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(who_waits_or_acts_on_what_is_no_longer_so_is_told_of),
        cmocka_unit_test(so_he_is_where_waits_end_for_no_reason),
    };

    return cmocka_run_group_tests_name("labelled_conditions", tests, NULL, NULL);
}
