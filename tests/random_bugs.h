/* Random programs of threads: a few of them read, write, lock and add as a seed says. */
#ifndef TESTS_RANDOM_BUGS_H
#define TESTS_RANDOM_BUGS_H

#include "sim/base/prng.h"
#include "sim/sim.h"

enum { RANDOM_VARS = 2, RANDOM_MUTEXES = 2, RANDOM_THREADS_MAX = 4, RANDOM_OPS_MAX = 6 };

struct random_world {
    struct sim_var *vars[RANDOM_VARS];
    struct sim_mutex *mutexes[RANDOM_MUTEXES];
    struct sim_atomic *atomic;
};

struct random_thread {
    struct random_world *world;
    struct prng prng;
};

static inline enum sim_status random_guarded(struct sim *sim, struct random_thread *self)
{
    struct sim_mutex *mutex = self->world->mutexes[prng_below(&self->prng, RANDOM_MUTEXES)];
    struct sim_mutex *inner = self->world->mutexes[prng_below(&self->prng, RANDOM_MUTEXES)];
    struct sim_var *var = self->world->vars[prng_below(&self->prng, RANDOM_VARS)];

    (void)sim;
    sim_mutex_lock(mutex);
    if (inner != mutex)
        sim_mutex_lock(inner);
    sim_write(var, sim_read(var) + 1);
    if (inner != mutex)
        SIM_TRY(sim_mutex_unlock(inner));
    return sim_mutex_unlock(mutex);
}

static inline enum sim_status random_thread(struct sim *sim, void *arg)
{
    struct random_thread *self = arg;
    uint32_t ops = 1 + prng_below(&self->prng, RANDOM_OPS_MAX);

    for (uint32_t i = 0; i < ops; i++) {
        struct sim_var *var = self->world->vars[prng_below(&self->prng, RANDOM_VARS)];

        switch (prng_below(&self->prng, 6)) {
        case 0:
            (void)sim_read(var);
            break;
        case 1:
            sim_write(var, (int64_t)i);
            break;
        case 2:
            sim_write(var, sim_read(var) + 1);
            break;
        case 3:
            (void)sim_atomic_fetch_add(self->world->atomic, 1);
            break;
        case 4:
            sim_thread_sleep(sim, prng_below(&self->prng, 3));
            break;
        default:
            SIM_TRY(random_guarded(sim, self));
            break;
        }
    }
    return SIM_OK;
}

static inline enum sim_status random_main(struct sim *sim, void *arg)
{
    static const char *const names[] = {"A", "B", "C", "D"};
    const int64_t *params = arg;
    struct prng prng;
    struct random_thread threads[RANDOM_THREADS_MAX];
    struct sim_thread *handles[RANDOM_THREADS_MAX];
    struct random_world world = {
        .vars = {sim_var_new(sim, "x", 0), sim_var_new(sim, "y", 0)},
        .mutexes = {sim_mutex_new(sim, "m"), sim_mutex_new(sim, "n")},
        .atomic = sim_atomic_new(sim, "a", 0),
    };

    prng_seed(&prng, (uint64_t)params[0]);
    uint32_t count = 2 + prng_below(&prng, RANDOM_THREADS_MAX - 1);

    for (uint32_t i = 0; i < count; i++) {
        threads[i].world = &world;
        prng_seed(&threads[i].prng, prng_next(&prng));
        handles[i] = sim_thread_new(sim, names[i], random_thread, &threads[i]);
    }
    for (uint32_t i = 0; i < count; i++)
        SIM_TRY(sim_thread_join(handles[i], NULL));
    return SIM_OK;
}

static const struct sim_scenario random_threads = {
    .name = "random_threads", .main = random_main, .params = {{"seed", 0, 0, INT32_MAX, ""}}};

#endif
