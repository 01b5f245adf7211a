/* Index: what is looked up in a timeline again and again, arranged once: the events and arrows of
 * each lane, what many small spans amount to, and how many are in which state over the whole run.
 * With it, drawing takes time in proportion to pixels and not to events. */
#ifndef RENDER_INDEX_H
#define RENDER_INDEX_H

#include "render/timeline.h"

enum { INDEX_BLOCK = 64, INDEX_PLACES_MOST = 1024 };

struct index {
    const struct timeline *timeline;
    uint32_t *event_first; /* of a lane, with one more for the end: where in events its own begin */
    uint32_t *events;
    uint32_t *arrow_first; /* the same of arrows that end in it */
    uint32_t *arrows;
    uint32_t *hold_first; /* the same of timeline->holds, which are in order of lanes */
    uint32_t *hold_until; /* of a hold: the last column of it, and of those of its lane before it */
    uint8_t *blocks;      /* which states (bits) are among the spans 64 n to 64 n + 63 */
    uint8_t *regions;     /* the same of 64 blocks */
    float *density;       /* share of all lanes, by place of the run and then by state */
    uint8_t *found;       /* whether a step of a finding is in a place of the run */
    uint32_t places;
};

/* Of a timeline (borrowed).  Returns NULL when out of memory. */
struct index *index_new(const struct timeline *timeline);
void index_free(struct index *index);

/* The last event of a lane in or before a column, else its first; SIZE_MAX if it has none. */
size_t index_event_at(const struct index *index, uint32_t lane, uint32_t column);

/* The event of a lane next to one, which need not be its own; SIZE_MAX: there is none. */
size_t index_event_beside(const struct index *index, uint32_t lane, size_t event, int direction);

/* The last arrow that ends in a lane and begins in or before a column; NULL if there is none. */
const struct arrow *index_arrow_to(const struct index *index, uint32_t lane, uint32_t column);

/* The first arrow that begins in a lane, in or behind a column; NULL if there is none. */
const struct arrow *index_arrow_from(const struct index *index, uint32_t lane, uint32_t column);

/* The first hold of a lane that may last beyond a column: one of timeline->holds, before `end`. */
size_t index_hold(const struct index *index, uint32_t lane, uint32_t column, size_t *end);

/* The first span of a lane that ends behind a column, from one of its spans on. */
uint32_t index_span(const struct index *index, uint32_t lane, uint32_t from, double column);

/* Which states (bits) the spans from first up to, not including, last have. */
unsigned index_states(const struct index *index, uint32_t first, uint32_t last);

#endif
