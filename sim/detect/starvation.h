/* Starvation: somebody waits for a lock, a mutex or a permit while one other, who came later or did
 * not wait, gets it again and again: STARVATION_TIMES times in one wait.
 *
 * The bound is one on bypasses (Lamport, The Mutual Exclusion Problem, JACM 1986): locks of asyncio
 * are FIFO and bypass nobody, mutexes may.  Who is to blame is not said: with a mutex it may be the
 * schedule, which POSIX allows.  Smaller unfairness, and that of conditions and queues, is in the
 * statistics (fairness.h). */
#ifndef SIM_DETECT_STARVATION_H
#define SIM_DETECT_STARVATION_H

#include <stdbool.h>
#include <stddef.h>

#include "sim/detect/track.h"

enum { STARVATION_TIMES = 100, STARVATION_PASSERS = 4 };

struct starving;

struct starvation {
    struct starving *objects; /* by id - 1; owned */
    size_t capacity;
    uint32_t used;
    uint32_t waiting; /* objects that somebody waits for */
    /* The first case; the others are counted. */
    struct moment wait; /* of the victim */
    struct moment pass; /* the one that reached the bound */
    uint32_t object;
    uint32_t times;  /* as long as it lasted */
    uint32_t served; /* step at which the victim got it; 0: it never did */
    uint32_t count;
    bool out_of_memory;
};

void starvation_begin(struct starvation *starvation);
void starvation_free(struct starvation *starvation);

/* SIM_EV_SUSPEND for a lock or a permit. */
void starvation_wait(struct starvation *starvation, const struct sim_event *event);

/* SIM_EV_ACQUIRE, _SEM_ACQUIRE while somebody waits. */
void starvation_take(struct starvation *starvation, const struct track *track,
                     const struct sim_event *event);

/* Write the finding; false when there is none. */
bool starvation_report(const struct starvation *starvation, const struct registry *registry,
                       struct sim_finding *finding);

#endif
