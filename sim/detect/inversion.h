/* Priority inversion: a thread of high priority waits for a mutex whose holder is ready and does
 * not run, because a third one runs whose priority lies between theirs.  (That it waits while the
 * holder runs is what a mutex is for.)
 *
 * Lampson and Redell, Experience with Processes and Monitors in Mesa, CACM 1980; Sha, Rajkumar,
 * Lehoczky, Priority inheritance protocols, IEEE Transactions on Computers 39, 1990.  Costs nothing
 * in runs without priorities. */
#ifndef SIM_DETECT_INVERSION_H
#define SIM_DETECT_INVERSION_H

#include <stdbool.h>
#include <stddef.h>

#include "sim/detect/track.h"

struct inversion {
    struct inversion_thread *threads; /* by id - 1; owned */
    size_t capacity;
    uint32_t used; /* 0: nobody has a priority */
    /* The first case. */
    struct moment taken;  /* by the low one */
    struct moment wait;   /* of the high one */
    struct moment resume; /* of the one between, in the low one's place */
    uint32_t lock;
    bool direct; /* the high one waits for the low one itself, and not through others */
    int64_t low;
    int64_t middle;
    int64_t high;
    uint32_t count; /* resumes like that */
    bool out_of_memory;
};

void inversion_begin(struct inversion *inversion);
void inversion_free(struct inversion *inversion);

/* SIM_EV_PRIORITY. */
void inversion_priority(struct inversion *inversion, const struct sim_event *event);

/* SIM_EV_RESUME, once somebody has a priority; before the track is told. */
void inversion_resume(struct inversion *inversion, const struct track *track,
                      const struct sim_event *event);

/* Write the finding; false when there is none. */
bool inversion_report(const struct inversion *inversion, const struct registry *registry,
                      struct sim_finding *finding);

#endif
