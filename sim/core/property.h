/* Property: what must hold of a program's state at every step, at some step, or at the end.
 *
 * A predicate looks and changes nothing: it is no part of the program.  Within it, sim_read,
 * sim_atomic_load, sim_var_peek, sim_mutex_held, sim_lock_locked, sim_queue_size and the like are
 * no visible operations: nobody is switched to, no event is made and no race is seen.  It may look
 * at memory of its own program, too; a search by dpor, which runs one of all schedules that differ
 * only in the order of independent steps, then knows of what it depends on only what is tracked,
 * and says so if that is nothing.  A predicate that waits or writes ends the process with an
 * assertion.
 *
 * arg must live until the run ends: sim_alloc gives such memory; the stack of a task or thread is
 * none, for it ends before. */
#ifndef SIM_CORE_PROPERTY_H
#define SIM_CORE_PROPERTY_H

#include "sim/core/sim.h"

/* From here on, hold that the predicate is true after every step of anyone.  Each time that it
 * stops being so is a finding (SIM_FINDING_INVARIANT) that names the step, who did it, and where;
 * the run goes on.  What must hold only outside of critical sections says so itself:
 * `sim_mutex_held(m) ||
 * ...`.
 *
 * name:    what stories call it, as "never more cars than places"; copied
 * Returns: SIM_OK; SIM_VALUE_ERROR if arg lies on a stack.
 * As:      []P of temporal logic (Pnueli, The Temporal Logic of Programs, FOCS 1977) */
SIM_MUST_USE enum sim_status(sim_invariant)(struct sim *sim, const char *name,
                                            sim_predicate_fn predicate, void *arg,
                                            const struct sim_site *site);
#define sim_invariant(sim, name, predicate, arg)                                                   \
    (sim_invariant)((sim), (name), (predicate), (arg), SIM_HERE)

/* The predicate must be true at least once from here on: now, or after a step.  If it never was
 * when the run ends, because main ended or because nothing can run any more, that is a finding
 * (SIM_FINDING_EVENTUALLY); a run that a limit cut short claims nothing.
 *
 * As:      <>P of temporal logic on finite traces (De Giacomo and Vardi, IJCAI 2013) */
SIM_MUST_USE enum sim_status(sim_eventually)(struct sim *sim, const char *name,
                                             sim_predicate_fn predicate, void *arg,
                                             const struct sim_site *site);
#define sim_eventually(sim, name, predicate, arg)                                                  \
    (sim_eventually)((sim), (name), (predicate), (arg), SIM_HERE)

/* The predicate must be true in the last state, when the run ends as above; the same finding.
 *
 * As:      <>[]P, which on finite traces is []<>P: P at the end */
SIM_MUST_USE enum sim_status(sim_finally)(struct sim *sim, const char *name,
                                          sim_predicate_fn predicate, void *arg,
                                          const struct sim_site *site);
#define sim_finally(sim, name, predicate, arg)                                                     \
    (sim_finally)((sim), (name), (predicate), (arg), SIM_HERE)

/* Has every predicate of invariants and sim_eventually, in all runs of this simulation, looked at
 * something tracked, and at one mutex at most?  Else dpor does not know what they depend on. */
bool sim_properties_tracked(const struct sim *sim);

#endif
