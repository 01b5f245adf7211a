/* Random programs that wait for each other, whose own account says what went wrong in a run:
 * notifications too early, waits without a loop, items never done, tasks that get nowhere. */
#include "tests/labelled.h"

#include <string.h>

enum { TASKS_MAX = 4, ROUNDS_MAX = 3, STEPS = 4000 };

struct member {
    uint32_t rounds;
    int64_t delays_ns[ROUNDS_MAX + 1];
    bool careful; /* looks under the lock, or in a loop, or says that it has done */
    bool grows;
};

/* A program, and its account. */
static struct {
    struct prng prng;
    struct member members[TASKS_MAX];
    uint32_t count;
    struct sim_lock *lock;
    struct sim_condition *condition;
    struct sim_queue *queue;
    struct sim_var *full;
    struct sim_var *taken;
    int64_t items;    /* what full ought to be */
    uint32_t waiting; /* at the condition */
    int clock;
    int wrote_at;   /* full */
    int unheard_at; /* a notification of who wrote that */
    bool early;
    bool wrong;
    uint32_t undone;
    bool grows;
} p;

static uint32_t below(uint32_t bound)
{
    return prng_below(&p.prng, bound);
}

static void draw_program(struct sim *sim, const void *seed)
{
    memset(&p, 0, sizeof(p));
    prng_seed(&p.prng, (uint64_t) * (const int64_t *)seed);
    p.count = 1 + below(TASKS_MAX);
    for (uint32_t i = 0; i < p.count; i++) {
        struct member *member = &p.members[i];

        member->rounds = 1 + below(ROUNDS_MAX);
        member->careful = below(3) == 0;
        member->grows = below(4) == 0;
        for (uint32_t round = 0; round <= member->rounds; round++)
            member->delays_ns[round] = below(4) * SIM_MS;
    }
    p.lock = sim_lock_new(sim, "lock");
    p.condition = sim_condition_new(sim, "condition", p.lock);
    p.queue = sim_queue_new(sim, "queue", 0);
    p.full = sim_var_new(sim, "full", 0);
    p.taken = sim_var_new(sim, "taken", 0);
}

static enum sim_status run_members(struct sim *sim, sim_body_fn body, sim_body_fn last)
{
    struct sim_future *tasks[TASKS_MAX + 1];

    for (uint32_t i = 0; i < p.count; i++)
        tasks[i] = SIM_FUTURE(sim_task_new(sim, NULL, body, &p.members[i]));
    tasks[p.count] = SIM_FUTURE(sim_task_new(sim, NULL, last, &p.members[0]));
    return sim_await(sim_gather(sim, tasks, p.count + 1, false), NULL);
}

/* Notifications: who looks before he has the lock may wait for what has been so all along. */

static enum sim_status look_and_wait(struct sim *sim, void *arg)
{
    const struct member *self = arg;

    SIM_TRY(sim_sleep(sim, self->delays_ns[0]));
    bool there = sim_read(p.full) != 0;
    int read_at = ++p.clock;

    SIM_TRY(sim_sleep(sim, self->delays_ns[1]));
    SIM_TRY(sim_lock_acquire(p.lock));
    if (self->careful) {
        there = sim_read(p.full) != 0;
        read_at = ++p.clock;
    }
    if (there)
        return sim_lock_release(p.lock);
    p.early |= read_at < p.wrote_at && p.wrote_at < p.unheard_at;
    p.waiting++;
    do
        SIM_TRY(sim_condition_wait(p.condition));
    while (sim_read(p.full) == 0);
    return sim_lock_release(p.lock);
}

static enum sim_status fill_and_notify(struct sim *sim, void *arg)
{
    const struct member *self = arg;

    for (uint32_t i = 0; i < self->rounds; i++) {
        SIM_TRY(sim_sleep(sim, self->delays_ns[i]));
        SIM_TRY(sim_lock_acquire(p.lock));
        if (i == 0) {
            sim_write(p.full, 1);
            p.wrote_at = ++p.clock;
        }
        p.unheard_at = p.waiting == 0 ? ++p.clock : p.unheard_at;
        p.waiting = 0;
        SIM_TRY(sim_condition_notify_all(p.condition));
        SIM_TRY(sim_lock_release(p.lock));
    }
    return SIM_OK;
}

static enum sim_status notifications(struct sim *sim, void *seed)
{
    draw_program(sim, seed);
    return run_members(sim, look_and_wait, fill_and_notify);
}

static uint64_t label_notifications(enum sim_outcome outcome)
{
    if (outcome != SIM_OUTCOME_STUCK)
        return p.early ? KIND(EARLY_NOTIFY) : 0;
    /* Nobody is notified after he began to wait. */
    return p.waiting > 0 ? KIND(LOST_WAKEUP) : 0;
}

static void a_notification_before_the_wait_is_early_or_lost(void **state)
{
    (void)state;
    labels_are_found(&(struct labelled){
        .main = notifications,
        .label = label_notifications,
        .kinds = KIND(EARLY_NOTIFY) | KIND(LOST_WAKEUP),
        .programs = 500,
        .schedules = 10,
    });
}

/* Waits: who does not look again may take what is not there. */

static enum sim_status consume(struct sim *sim, void *arg)
{
    const struct member *self = arg;
    bool waited = false;

    SIM_TRY(sim_sleep(sim, self->delays_ns[0]));
    SIM_TRY(sim_lock_acquire(p.lock));
    while (sim_read(p.full) == 0) {
        SIM_TRY(sim_condition_wait(p.condition));
        waited = true;
        if (!self->careful)
            break;
    }
    p.wrong |= waited && p.items == 0;
    p.items = 0;
    if (below(2) == 0)
        sim_write(p.taken, ++p.clock);
    sim_write(p.full, 0);
    return sim_lock_release(p.lock);
}

static enum sim_status produce(struct sim *sim, void *arg)
{
    (void)arg;
    for (uint32_t i = 0; i < 3 * p.count; i++) {
        SIM_TRY(sim_sleep(sim, (1 + below(2)) * SIM_MS));
        SIM_TRY(sim_lock_acquire(p.lock));
        sim_write(p.full, 1);
        p.items = 1;
        SIM_TRY(sim_condition_notify_all(p.condition));
        SIM_TRY(sim_lock_release(p.lock));
    }
    return SIM_OK;
}

static enum sim_status consumers(struct sim *sim, void *seed)
{
    draw_program(sim, seed);
    return run_members(sim, consume, produce);
}

static uint64_t label_consumers(enum sim_outcome outcome)
{
    (void)outcome;
    return p.wrong ? KIND(WAIT_WITHOUT_LOOP) : 0;
}

static void who_goes_on_though_another_was_faster_waits_without_a_loop(void **state)
{
    (void)state;
    labels_are_found(&(struct labelled){
        .main = consumers,
        .label = label_consumers,
        .kinds = KIND(WAIT_WITHOUT_LOOP),
        .programs = 500,
        .schedules = 10,
    });
}

/* A queue whose items are got, and not always said to be done. */

static enum sim_status get_items(struct sim *sim, void *arg)
{
    const struct member *self = arg;

    for (uint32_t i = 0; i < self->rounds; i++) {
        SIM_TRY(sim_sleep(sim, self->delays_ns[i]));
        SIM_TRY(sim_queue_get(p.queue, NULL));
        if (self->careful || i > 0)
            SIM_TRY(sim_queue_task_done(p.queue));
        else
            p.undone++;
    }
    return SIM_OK;
}

static enum sim_status put_items_and_join(struct sim *sim, void *arg)
{
    uint32_t items = 0;

    (void)arg;
    for (uint32_t i = 0; i < p.count; i++)
        items += p.members[i].rounds;
    for (uint32_t i = 0; i < items; i++) {
        SIM_TRY(sim_sleep(sim, below(2) * SIM_MS));
        SIM_TRY(sim_queue_put(p.queue, sim_int(i)));
    }
    return sim_queue_join(p.queue);
}

static enum sim_status queues(struct sim *sim, void *seed)
{
    draw_program(sim, seed);
    return run_members(sim, get_items, put_items_and_join);
}

static uint64_t label_queues(enum sim_outcome outcome)
{
    (void)outcome;
    return p.undone > 0 ? KIND(HANG) : 0;
}

static void who_joins_a_queue_with_items_undone_hangs(void **state)
{
    (void)state;
    labels_are_found(&(struct labelled){
        .main = queues,
        .label = label_queues,
        .kinds = KIND(HANG),
        .programs = 300,
        .schedules = 5,
    });
}

/* Tasks that run until the limit: in circles, or getting on. */

static enum sim_status go_round(struct sim *sim, void *arg)
{
    const struct member *self = arg;

    for (int64_t i = 0;; i++) {
        sim_write(p.full, self->grows ? i : i % (self->rounds + 1));
        (void)sim_read(p.taken);
        SIM_TRY(sim_sleep(sim, p.members[0].careful ? SIM_MS : 0));
    }
}

static enum sim_status take_lock(struct sim *sim, void *arg)
{
    (void)sim;
    (void)arg;
    return sim_lock_acquire(p.lock);
}

static bool sleeps_long(const struct member *self)
{
    return self->delays_ns[0] > SIM_MS;
}

static bool gives_up(const struct member *self)
{
    return self->delays_ns[1] > SIM_MS;
}

/* Asleep, or before a lock that it will not wait for any more, it may yet change everything. */
static enum sim_status rest(struct sim *sim, void *arg)
{
    const struct member *self = arg;

    if (sleeps_long(self))
        return sim_sleep(sim, 1000 * SIM_SECOND);
    if (gives_up(self))
        return sim_wait_for_call(sim, take_lock, NULL, 1000 * SIM_SECOND);
    return self->delays_ns[1] > 0 ? sim_lock_acquire(p.lock) : SIM_OK;
}

static enum sim_status circles(struct sim *sim, void *seed)
{
    draw_program(sim, seed);
    for (uint32_t i = 0; i < p.count; i++)
        p.grows |= p.members[i].grows;
    SIM_TRY(sim_lock_acquire(p.lock));
    return run_members(sim, go_round, rest);
}

static uint64_t label_circles(enum sim_outcome outcome)
{
    assert_int_equal(outcome, SIM_OUTCOME_STEPS);
    return p.grows || sleeps_long(&p.members[0]) || gives_up(&p.members[0]) ? KIND(LIMIT)
                                                                            : KIND(LIVELOCK);
}

static void who_runs_in_circles_until_the_limit_is_in_a_livelock(void **state)
{
    (void)state;
    labels_are_found(&(struct labelled){
        .main = circles,
        .label = label_circles,
        .kinds = KIND(LIVELOCK) | KIND(LIMIT),
        .programs = 100,
        .schedules = 2,
        .max_steps = STEPS,
        .exact = true,
    });
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_notification_before_the_wait_is_early_or_lost),
        cmocka_unit_test(who_goes_on_though_another_was_faster_waits_without_a_loop),
        cmocka_unit_test(who_joins_a_queue_with_items_undone_hangs),
        cmocka_unit_test(who_runs_in_circles_until_the_limit_is_in_a_livelock),
    };

    return cmocka_run_group_tests_name("labelled_waits", tests, NULL, NULL);
}
