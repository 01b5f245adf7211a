/* Livelock: actors that run on and on and get nowhere, in a run that the limit on steps ended.
 *
 * After the philosophers who all put their forks down again (Hoare, Communicating Sequential
 * Processes, 1985; Ashcroft named it in 1975).  Claimed if, for at least the last half of the run
 * and LIVELOCK_STEPS, nothing new happened: no variable took a value outside the range that it had
 * had, nothing was printed, sent, taken from a queue or set, nobody began or ended; and if nobody
 * is left who has not run since and might yet change that, asleep or waiting for the world outside.
 */
#ifndef SIM_DETECT_LIVELOCK_H
#define SIM_DETECT_LIVELOCK_H

#include <stdbool.h>
#include <stddef.h>

#include "sim/detect/lost_update.h"
#include "sim/detect/track.h"

enum { LIVELOCK_STEPS = 1000 };

struct livelock_id;

struct livelock {
    struct livelock_id *ids; /* by id - 1: an actor's turns, or a variable's range; owned */
    size_t capacity;
    uint32_t run;
    uint8_t kind; /* of what was new last */
    uint32_t object;
    struct moment news; /* when that was */
    bool out_of_memory;
    bool found;
};

void livelock_begin(struct livelock *livelock);
void livelock_free(struct livelock *livelock);

/* Something new happened. */
static inline void livelock_news(struct livelock *livelock, const struct sim_event *event)
{
    livelock->news = moment_of(event);
    livelock->kind = event->kind;
    livelock->object = event->object;
}

/* SIM_EV_SPAWN; SIM_EV_RESUME; a write of any kind. */
void livelock_spawn(struct livelock *livelock, const struct sim_event *event);
void livelock_resume(struct livelock *livelock, const struct sim_event *event);
void livelock_write(struct livelock *livelock, const struct sim_event *event);

/* SIM_EV_END of a run that reached the limit on steps: is it a livelock? */
void livelock_end(struct livelock *livelock, const struct track *track,
                  const struct lost_update *variables, const struct sim_event *event);

/* Write the finding; false when there is none. */
bool livelock_report(const struct livelock *livelock, const struct track *track,
                     const struct lost_update *variables, struct sim_finding *finding);

#endif
