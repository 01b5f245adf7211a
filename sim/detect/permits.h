/* Permits: who has taken which permit of a semaphore and not given it back.  Anybody may give one:
 * then it counts as that of the giver, or else as the one that was taken first. */
#ifndef SIM_DETECT_PERMITS_H
#define SIM_DETECT_PERMITS_H

#include <stdbool.h>

#include "sim/detect/story.h"

struct permit {
    struct moment taken;
    uint32_t next; /* taken before it; 0: none */
};

/* Of all semaphores.  Zeroed: none. */
struct permits {
    struct permit *all; /* owned; numbered from 1 */
    uint32_t count;
    size_t capacity;
    uint32_t taken;  /* and not given back */
    uint32_t unused; /* a list of those given back */
};

/* Of one semaphore.  Zeroed: none. */
struct permit_list {
    uint32_t newest;
    uint32_t unowned; /* given by who had none: whoever takes one of these owes nothing */
    bool handed_on;   /* somebody has given one who had none */
};

void permits_clear(struct permits *permits);
void permits_free(struct permits *permits);

/* Returns false when out of memory. */
bool permits_take(struct permits *permits, struct permit_list *list, struct moment moment);
void permits_give(struct permits *permits, struct permit_list *list, uint32_t actor);

/* The permit with this number, to go through a list, newest first; NULL for 0. */
static inline const struct permit *permits_at(const struct permits *permits, uint32_t number)
{
    return number == 0 ? NULL : &permits->all[number - 1];
}

#endif
