/* What programs in asyncio do all day, and what it costs to cancel a crowd.  bench/asyncio_speed.py
 * is the same under CPython. */
#include "bench/bench.h"
#include "sim/sim.h"

enum {
    ROUNDS = 5,
    LOCK_TASKS = 100,
    LOCK_ROUNDS = 1000,
    PING_PONGS = 100000,
    GATHERED = 100000,
    WIDTH = 6,
    DEPTH = 6,
    TIMEOUT_TASKS = 1000,
    TIMEOUT_ROUNDS = 100,
    CROWD = 100000,
    SMALL_CROWD = 25000,
};

static const int64_t LONG_NS = INT64_C(3600) * 1000000000;

/* ---- A lock from hand to hand. ---- */

static enum sim_status use_lock(struct sim *sim, void *arg)
{
    struct sim_lock *lock = arg;

    for (int i = 0; i < LOCK_ROUNDS; i++) {
        SIM_TRY(sim_lock_acquire(lock));
        SIM_TRY(sim_sleep(sim, 0));
        SIM_TRY(sim_lock_release(lock));
    }
    return SIM_OK;
}

static enum sim_status gather(struct sim *sim, size_t count, sim_body_fn body, void *arg)
{
    struct sim_future **tasks = sim_alloc(sim, count * sizeof(*tasks));

    for (size_t i = 0; i < count; i++)
        tasks[i] = SIM_FUTURE(sim_task_new(sim, NULL, body, arg));
    return sim_await(sim_gather(sim, tasks, count, false), NULL);
}

static enum sim_status hand_over(struct sim *sim, void *arg)
{
    (void)arg;
    return gather(sim, LOCK_TASKS, use_lock, sim_lock_new(sim, "lock"));
}

/* ---- Two queues. ---- */

struct player {
    struct sim_queue *from;
    struct sim_queue *to;
};

static enum sim_status play(struct sim *sim, void *arg)
{
    const struct player *self = arg;

    (void)sim;
    for (int i = 0; i < PING_PONGS; i++) {
        struct sim_value ball;

        SIM_TRY(sim_queue_get(self->from, &ball));
        SIM_TRY(sim_queue_put(self->to, ball));
    }
    return SIM_OK;
}

static enum sim_status ping_pong(struct sim *sim, void *arg)
{
    struct sim_queue *ping = sim_queue_new(sim, "ping", 1);
    struct sim_queue *pong = sim_queue_new(sim, "pong", 1);
    struct player players[] = {{ping, pong}, {pong, ping}};
    struct sim_future *tasks[2];

    (void)arg;
    for (int i = 0; i < 2; i++)
        tasks[i] = SIM_FUTURE(sim_task_new(sim, NULL, play, &players[i]));
    SIM_TRY(sim_queue_put(ping, sim_int(1)));
    return sim_await(sim_gather(sim, tasks, 2, false), NULL);
}

/* ---- Many at once. ---- */

static enum sim_status give_way(struct sim *sim, void *arg)
{
    (void)arg;
    return sim_sleep(sim, 0);
}

static enum sim_status gather_many(struct sim *sim, void *arg)
{
    (void)arg;
    return gather(sim, GATHERED, give_way, NULL);
}

/* ---- Groups within groups. ---- */

struct nested {
    struct nested *within;
};

static enum sim_status nest(struct sim *sim, void *arg)
{
    struct nested *self = arg;

    if (self == NULL)
        return sim_sleep(sim, 0);
    struct sim_task_group *group = sim_task_group_new(sim);

    SIM_TRY(sim_task_group_enter(group));
    for (int i = 0; i < WIDTH; i++)
        (void)sim_task_group_create_task(group, NULL, nest, self->within);
    return sim_task_group_exit(group, SIM_OK);
}

static enum sim_status task_groups(struct sim *sim, void *arg)
{
    struct nested nested[DEPTH] = {{NULL}};

    (void)arg;
    for (int i = 1; i < DEPTH; i++)
        nested[i].within = &nested[i - 1];
    return nest(sim, &nested[DEPTH - 1]);
}

/* ---- Time-outs that do not come. ---- */

static enum sim_status set_timeouts(struct sim *sim, void *arg)
{
    (void)arg;
    for (int i = 0; i < TIMEOUT_ROUNDS; i++) {
        struct sim_timeout *timeout = sim_timeout_new(sim, LONG_NS);

        SIM_TRY(sim_timeout_enter(timeout));
        enum sim_status status = sim_sleep(sim, 0);

        SIM_TRY(sim_timeout_exit(timeout, status));
    }
    return SIM_OK;
}

static enum sim_status timeouts(struct sim *sim, void *arg)
{
    (void)arg;
    return gather(sim, TIMEOUT_TASKS, set_timeouts, NULL);
}

/* ---- A crowd that waits, and is cancelled. ---- */

struct crowd {
    sim_body_fn wait;
    size_t size;
};

static enum sim_status wait_for_time(struct sim *sim, void *arg)
{
    (void)arg;
    return sim_sleep(sim, LONG_NS);
}

static enum sim_status wait_for_lock(struct sim *sim, void *arg)
{
    (void)sim;
    return sim_lock_acquire(arg);
}

static enum sim_status cancel_crowd(struct sim *sim, void *arg)
{
    const struct crowd *self = arg;
    struct sim_future **tasks = sim_alloc(sim, self->size * sizeof(*tasks));
    struct sim_task **crowd = sim_alloc(sim, self->size * sizeof(*crowd));
    struct sim_lock *lock = sim_lock_new(sim, "lock");

    SIM_TRY(sim_lock_acquire(lock));
    for (size_t i = 0; i < self->size; i++)
        crowd[i] = sim_task_new(sim, NULL, self->wait, lock);
    SIM_TRY(sim_sleep(sim, 0));
    for (size_t i = 0; i < self->size; i++) {
        tasks[i] = SIM_FUTURE(crowd[i]);
        (void)sim_cancel(crowd[i], NULL);
    }
    return sim_await(sim_gather(sim, tasks, self->size, true), NULL);
}

static void measure(const char *key, sim_body_fn main, void *arg)
{
    struct sim *sim = sim_new(NULL);
    double samples[ROUNDS];

    bench_require(sim != NULL, "no simulation");
    for (int i = -1; i < ROUNDS; i++) {
        double began = bench_now();

        bench_require(sim_run_async(sim, main, arg) == SIM_OUTCOME_FINISHED, key);
        if (i >= 0)
            samples[i] = bench_now() - began;
    }
    bench_result(key, bench_median(samples, ROUNDS));
    sim_free(sim);
}

int main(void)
{
    static const struct {
        const char *key;
        sim_body_fn wait;
    } crowds[] = {{"time", wait_for_time}, {"lock", wait_for_lock}};

    measure("lock_s", hand_over, NULL);
    measure("queue_s", ping_pong, NULL);
    measure("gather_s", gather_many, NULL);
    measure("groups_s", task_groups, NULL);
    measure("timeouts_s", timeouts, NULL);
    for (size_t i = 0; i < sizeof(crowds) / sizeof(crowds[0]); i++) {
        struct crowd crowd = {crowds[i].wait, CROWD};
        struct crowd small = {crowds[i].wait, SMALL_CROWD};
        char key[64];

        (void)snprintf(key, sizeof(key), "cancel_%s_s", crowds[i].key);
        measure(key, cancel_crowd, &crowd);
        (void)snprintf(key, sizeof(key), "cancel_%s_small_s", crowds[i].key);
        measure(key, cancel_crowd, &small);
    }
    return 0;
}
