/* Damage: which parts of a picture are not as they were in the one before.
 *
 * The picture is divided into tiles, each with a sum over all that touches it, in order.  Where the
 * sum is what it was, so are the pixels. */
#ifndef RENDER_DAMAGE_H
#define RENDER_DAMAGE_H

#include "render/canvas.h"

enum { DAMAGE_AREAS_MOST = 32 };

struct damage;

/* NULL when out of memory. */
struct damage *damage_new(void);
void damage_free(struct damage *damage);

/* Nothing is known of what was there: all of the next picture is new. */
void damage_forget(struct damage *damage);

/* Begin a picture; `what` is the sum of what concerns every tile.  False: out of memory. */
bool damage_begin(struct damage *damage, int width, int height, uint64_t what);

/* Something touches an area; `what` is the sum of what it is and where. */
void damage_add(struct damage *damage, struct area area, uint64_t what);

/* The areas that differ from the picture before, which do not overlap.  Returns how many. */
int damage_end(struct damage *damage, struct area areas[DAMAGE_AREAS_MOST]);

/* A sum with one more number in it; the order of numbers matters. */
uint64_t damage_sum(uint64_t sum, uint64_t more);

#endif
