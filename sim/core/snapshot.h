/* Snapshots: states of a simulation at choices of a run, from which later runs go on instead of
 * from the beginning (what explicit-state search calls backtracking: Godefroid, Model Checking for
 * Programming Languages, POPL 1997, argues for doing without).
 *
 * A snapshot holds what a run has changed since it began: the used parts of the stacks and of the
 * arena, the summary, and a few words of the simulation.  It knows nothing of memory that is not
 * the simulation's, so whoever keeps snapshots must know that the program has none that matters.
 * It is taken where everything is simple, and nowhere else: threads alone, of which a summary is
 * kept in place of events, and a policy that draws.  Runs with events are not touched: they begin
 * at the beginning.
 *
 * Snapshots are a stack, in the order of the choices: a run goes on from the newest, if it is of
 * the same kind as the run that was saved; and that must be what it would come to by itself.  So a
 * policy drops those that the next run does not come to, or says from which of them it goes on.  Of
 * answers that are known (struct sim_answers) the place is the number, and the answers say where to
 * save. */
#ifndef SIM_CORE_SNAPSHOT_H
#define SIM_CORE_SNAPSHOT_H

#include <stdbool.h>
#include <stddef.h>

struct sim;
struct snapshots;

/* Keep snapshots of a simulation, all of whose runs from now on are of one program with the same
 * argument.  None is taken unless its policy does.
 *
 * Owner:   sim.
 * Returns: NULL when out of memory. */
struct snapshots *snapshots_new(struct sim *sim);
void snapshots_free(struct snapshots *all);

/* From a policy that is asked to draw.  Is it worth while to save the simulation, so near to the
 * last snapshot, and can it be?  Then the policy answers SIM_SAVE, and is asked again.  Places
 * count up in a run, by one at each choice; the note is the policy's own. */
bool snapshots_want(struct snapshots *all, size_t place, int note);

/* How many there are; they are numbered in the order in which they were taken. */
size_t snapshots_count(const struct snapshots *all);

/* Of all of them, in bytes. */
size_t snapshots_size(const struct snapshots *all);

/* From a policy's begin, where the next run does not come to the newest: it goes on from the one of
 * this number and place, which is among its first choices; or from none.
 *
 * Returns: false if it is gone; then all are dropped. */
enum { SNAPSHOT_CHOICES = 14 };
bool snapshots_from(struct snapshots *all, size_t number, size_t place);
void snapshots_skip(struct snapshots *all);

/* From a policy that is asked for the first time in a run: the place and the note of the snapshot
 * from which the run goes on, with the question that was answered by SIM_SAVE; 0 if there is none.
 * All that the policy has is otherwise as its begin has left it. */
size_t snapshots_place(const struct snapshots *all);
int snapshots_note(const struct snapshots *all);

/* The same where there are variables to be kept: save the simulation as it stands, if that was
 * wanted.
 *
 * Returns once, and once more whenever a run goes on from here: what the policy has in variables of
 * its functions is then as it was, and all that it has elsewhere is as its begin has left it. */
void snapshots_stop(struct snapshots *all);

/* Both, from choose or draw. */
void snapshots_take(struct snapshots *all, size_t place);

/* Drop those that were taken at this place or behind it; from a policy, between runs.  NULL: there
 * are none. */
void snapshots_drop(struct snapshots *all, size_t place);

/* On the host.  Save: the running fiber has asked for it.  Ready: what the last run has left is
 * what the newest snapshot puts back, and nothing else, so that nothing need be reset.  Go on: make
 * such a simulation stand where that was taken; restore: one that was reset, too; false: it is to
 * begin at the beginning. */
void snapshots_save(struct sim *sim);
bool snapshots_ready(const struct sim *sim);
bool snapshots_go_on(struct sim *sim);
bool snapshots_restore(struct sim *sim);

#endif
