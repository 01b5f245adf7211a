/* Story: the finding that a diagram tells, and which of its steps had to come before which. */
#ifndef RENDER_STORY_H
#define RENDER_STORY_H

#include "render/timeline.h"

/* Sets of steps of one story, a bit for each. */
typedef uint16_t story_set;

_Static_assert(FINDING_STEPS_MAX <= 16, "a story's steps fit into a set");

/* The first finding with a wait-for graph; without one the first; NULL if there is none. */
const struct sim_finding *story_choose(const struct trace *trace);

/* The place in the source of a step, as " (file.c:12)"; "" if it is not known. */
char *story_place(const struct trace *trace, const struct finding_step *step, char out[LABEL_MAX]);

/* On which lane a step stands: that of who acts; if there is none (a loop that closes), of who it
 * is done to; UINT32_MAX if neither has one. */
uint32_t story_lane(const struct timeline *timeline, const struct finding_step *step);

/* How many steps that are told before this one stand on the same lane at the same step: their
 * numbers stand side by side. */
int story_beside(const struct timeline *timeline, const struct sim_finding *finding, int step);

/* The steps by number, from the earliest in the run on; equal ones as they are told.  Returns how
 * many. */
int story_order(const struct sim_finding *finding, int order[FINDING_STEPS_MAX]);

/* For each step, those of the story that happened before it, whatever the schedule: by the order of
 * one actor's steps, by starts and ends, by who woke whom, and by what locks, events, queues and
 * atomics carry.  Order that a program makes in another way is not known, and so not in the sets.
 *
 * Returns: false when out of memory
 * As:      happens-before of Lamport (1978), of those steps alone */
bool story_causes(const struct trace *trace, const struct sim_finding *finding,
                  story_set before[FINDING_STEPS_MAX]);

/* Those of before[step] that no other of them stands between: what a diagram has an arrow from. */
story_set story_nearest(const story_set before[FINDING_STEPS_MAX], int step);

/* How many objects wait or are waited for in a finding; their ids, each once, in nodes. */
int story_nodes(const struct sim_finding *finding, uint32_t nodes[2 * FINDING_EDGES_MAX]);

#endif
