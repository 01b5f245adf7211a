/* Memory worth watching: tracked variables, whose plain reads and writes are visible operations,
 * and sequentially consistent atomics.  For threads and tasks alike. */
#ifndef SIM_THREAD_MEMORY_H
#define SIM_THREAD_MEMORY_H

#include "sim/core/sim.h"

struct sim_var;
struct sim_atomic;

/* Create a variable; owned by the arena.  name is what stories call it. */
struct sim_var *sim_var_new(struct sim *sim, const char *name, int64_t initial);

int64_t(sim_read)(struct sim_var *var, const struct sim_site *site);
#define sim_read(var) (sim_read)((var), SIM_HERE)
void(sim_write)(struct sim_var *var, int64_t value, const struct sim_site *site);
#define sim_write(var, value) (sim_write)((var), (value), SIM_HERE)

/* The value without a visible operation: for checks after the fact, not for programs. */
int64_t sim_var_peek(const struct sim_var *var);

struct sim_atomic *sim_atomic_new(struct sim *sim, const char *name, int64_t initial);

/* As atomic_load, atomic_store, atomic_exchange, atomic_fetch_add (returns the old value). */
int64_t(sim_atomic_load)(struct sim_atomic *atomic, const struct sim_site *site);
#define sim_atomic_load(atomic) (sim_atomic_load)((atomic), SIM_HERE)
void(sim_atomic_store)(struct sim_atomic *atomic, int64_t value, const struct sim_site *site);
#define sim_atomic_store(atomic, value) (sim_atomic_store)((atomic), (value), SIM_HERE)
int64_t(sim_atomic_exchange)(struct sim_atomic *atomic, int64_t value, const struct sim_site *site);
#define sim_atomic_exchange(atomic, value) (sim_atomic_exchange)((atomic), (value), SIM_HERE)
int64_t(sim_atomic_fetch_add)(struct sim_atomic *atomic, int64_t delta,
                              const struct sim_site *site);
#define sim_atomic_fetch_add(atomic, delta) (sim_atomic_fetch_add)((atomic), (delta), SIM_HERE)

/* As atomic_compare_exchange_strong: on failure *expected becomes the value found. */
bool(sim_atomic_compare_exchange)(struct sim_atomic *atomic, int64_t *expected, int64_t desired,
                                  const struct sim_site *site);
#define sim_atomic_compare_exchange(atomic, expected, desired)                                     \
    (sim_atomic_compare_exchange)((atomic), (expected), (desired), SIM_HERE)

#endif
