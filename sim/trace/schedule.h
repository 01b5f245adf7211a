/* Schedule: the choices of one run, in order; with the program it determines the run.
 *
 * As text: "s1:" and then the choices in decimal, joined by '.', a repeated one as N*COUNT,
 * e.g. "s1:0*12.1.0*3".  A run without choices is "s1:". */
#ifndef SIM_TRACE_SCHEDULE_H
#define SIM_TRACE_SCHEDULE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sim/base/vec.h"

struct schedule {
    uint32_t *choices; /* owned */
    size_t count;
    size_t capacity;
};

/* {0} is an empty schedule.  free leaves {0}. */
void schedule_free(struct schedule *schedule);
bool schedule_copy(struct schedule *to, const struct schedule *from);

/* False: out of memory. */
static inline bool schedule_push(struct schedule *schedule, uint32_t choice)
{
    if (!vec_reserve(&schedule->choices, schedule->count + 1, &schedule->capacity,
                     sizeof(*schedule->choices)))
        return false;
    schedule->choices[schedule->count++] = choice;
    return true;
}

/* Parse text.  Returns false and writes why (with the column) to error, at most error_size bytes;
 * to is then empty.  At most 100 million choices. */
bool schedule_parse(struct schedule *to, const char *text, char *error, size_t error_size);

/* The text, to be freed by the caller; NULL when out of memory. */
char *schedule_format(const struct schedule *schedule);

#endif
