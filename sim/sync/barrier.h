/* Barrier: a place where tasks wait until so many have come; then all go on, and it fills again. */
#ifndef SIM_SYNC_BARRIER_H
#define SIM_SYNC_BARRIER_H

#include <stdbool.h>

#include "sim/core/sim.h"

struct sim_barrier;

/* Filling: those who come wait.  Draining, resetting: those who are in leave, with or without an
 * error; who comes now waits until the last has left.  Broken: who is in or comes gets an error. */
enum sim_barrier_state {
    SIM_BARRIER_FILLING,
    SIM_BARRIER_DRAINING,
    SIM_BARRIER_RESETTING,
    SIM_BARRIER_BROKEN
};

/* Create a barrier for so many tasks, owned by the arena.  name may be NULL.
 *
 * Returns: NULL after raising SIM_VALUE_ERROR if parties is less than 1.
 * As:      asyncio.Barrier(parties) */
struct sim_barrier *sim_barrier_new(struct sim *sim, const char *name, int parties);

/* Wait until all parties have come; *index (may be NULL) is then who the caller was, from 0.
 *
 * Blocks:  until the last one comes; before that, while a barrier that opened empties itself.
 * Returns: SIM_OK; SIM_BROKEN_BARRIER if it is broken, or was reset while the task waited;
 *          SIM_CANCELLED: the task does not count any more, the others go on waiting.
 * As:      Barrier.wait, async with barrier as index */
SIM_MUST_USE enum sim_status(sim_barrier_wait)(struct sim_barrier *barrier, int *index,
                                               const struct sim_site *site);
#define sim_barrier_wait(barrier, index) (sim_barrier_wait)((barrier), (index), SIM_HERE)

/* Make it as new: those who are in get SIM_BROKEN_BARRIER.
 *
 * Blocks:  while others are on their way out.
 * Returns: SIM_OK; SIM_CANCELLED.
 * As:      Barrier.reset */
SIM_MUST_USE enum sim_status(sim_barrier_reset)(struct sim_barrier *barrier,
                                                const struct sim_site *site);
#define sim_barrier_reset(barrier) (sim_barrier_reset)((barrier), SIM_HERE)

/* Break it, until it is reset: those who are in, and those who come, get SIM_BROKEN_BARRIER.
 *
 * Blocks, returns: as sim_barrier_reset.  As Barrier.abort. */
SIM_MUST_USE enum sim_status(sim_barrier_abort)(struct sim_barrier *barrier,
                                                const struct sim_site *site);
#define sim_barrier_abort(barrier) (sim_barrier_abort)((barrier), SIM_HERE)

/* As Barrier.parties, Barrier.n_waiting (0 unless filling), Barrier.broken. */
int sim_barrier_parties(const struct sim_barrier *barrier);
int sim_barrier_n_waiting(const struct sim_barrier *barrier);
bool sim_barrier_broken(const struct sim_barrier *barrier);

/* The state that repr(barrier) shows. */
enum sim_barrier_state sim_barrier_state(const struct sim_barrier *barrier);

#endif
