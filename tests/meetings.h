/* Three threads that wait for each other, well or not, as a seed says. */
#ifndef TESTS_MEETINGS_H
#define TESTS_MEETINGS_H

#include "sim/base/prng.h"
#include "sim/sim.h"

struct meeting {
    struct sim_mutex *mutex;
    struct sim_condvar *changed;
    struct sim_var *x;
    struct sim_var *y;
    struct sim_atomic *flag;
};

struct guest {
    const struct meeting *meeting;
    struct prng prng;
};

/* Wait once, or in a loop; look before it with the mutex, or without. */
static inline enum sim_status wait_for_x(const struct meeting *at, struct prng *prng)
{
    bool early = prng_below(prng, 3) == 0;
    bool loops = prng_below(prng, 3) == 0;
    bool zero = early && sim_read(at->x) == 0;

    sim_mutex_lock(at->mutex);
    if (early ? zero : sim_read(at->x) == 0)
        do
            SIM_TRY(sim_condvar_wait(at->changed, at->mutex));
        while (loops && sim_read(at->x) == 0);
    sim_write(at->y, sim_var_peek(at->y) + 1);
    return sim_mutex_unlock(at->mutex);
}

static inline enum sim_status change_x(const struct meeting *at, struct prng *prng)
{
    bool locks = prng_below(prng, 4) != 0;

    if (locks)
        sim_mutex_lock(at->mutex);
    sim_write(at->x, prng_below(prng, 2));
    sim_condvar_signal(at->changed);
    if (prng_below(prng, 2) == 0)
        sim_write(at->x, 0);
    return locks ? sim_mutex_unlock(at->mutex) : SIM_OK;
}

static inline void spin(struct sim *sim, const struct meeting *at, struct prng *prng)
{
    switch (prng_below(prng, 4)) {
    case 0:
        while (sim_atomic_load(at->flag) == 0)
            continue;
        break;
    case 1:
        while (sim_atomic_load(at->flag) == 0)
            sim_thread_yield(sim);
        break;
    case 2:
        for (int i = 0; i < 4 && !sim_mutex_trylock(at->mutex); i++)
            if (i == 3)
                return;
        (void)!sim_mutex_unlock(at->mutex);
        break;
    default:
        for (int i = 0; i < 8; i++)
            sim_write(at->y, i / 7);
        break;
    }
}

static inline enum sim_status meet(struct sim *sim, void *arg)
{
    struct guest *guest = arg;
    uint32_t deeds = 1 + prng_below(&guest->prng, 3);

    for (uint32_t i = 0; i < deeds; i++) {
        switch (prng_below(&guest->prng, 6)) {
        case 0:
        case 1:
            SIM_TRY(wait_for_x(guest->meeting, &guest->prng));
            break;
        case 2:
            spin(sim, guest->meeting, &guest->prng);
            break;
        default:
            SIM_TRY(change_x(guest->meeting, &guest->prng));
            break;
        }
    }
    return SIM_OK;
}

/* params: seed. */
static inline enum sim_status meeting_main(struct sim *sim, void *arg)
{
    const int64_t *params = arg;
    struct meeting meeting = {.mutex = sim_mutex_new(sim, NULL),
                              .changed = sim_condvar_new(sim, NULL),
                              .x = sim_var_new(sim, NULL, 0),
                              .y = sim_var_new(sim, NULL, 0),
                              .flag = sim_atomic_new(sim, NULL, 0)};
    struct guest guests[3] = {{.meeting = &meeting}, {.meeting = &meeting}, {.meeting = &meeting}};
    struct sim_thread *threads[3];

    for (int i = 0; i < 3; i++) {
        prng_seed(&guests[i].prng, (uint64_t)(3 * params[0] + i));
        threads[i] = sim_thread_new(sim, NULL, meet, &guests[i]);
    }
    sim_atomic_store(meeting.flag, 1);
    for (int i = 0; i < 3; i++)
        SIM_TRY(sim_thread_join(threads[i], NULL));
    return SIM_OK;
}

#endif
