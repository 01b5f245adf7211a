/* Axis: which columns of a timeline a picture shows, and where.  What is left out is folded. */
#ifndef RENDER_AXIS_H
#define RENDER_AXIS_H

#include "render/font.h"
#include "render/timeline.h"

enum { AXIS_SLOTS_MAX = 96, AXIS_FOLD = 26, AXIS_CELL = 8 };

/* One column shown. */
struct slot {
    uint32_t column;
    double x;
    double width;
    double wanted; /* width that its label would like */
    int64_t ns;    /* how long it lasts, if it stands for time and not for a step */
    bool folded;   /* columns before it are left out */
    bool key;      /* a step of the story: its label comes first */
    bool squeezed; /* it stands for more time than its width says */
};

struct axis {
    struct slot slots[AXIS_SLOTS_MAX];
    int count;
    uint32_t from;  /* no column before it is shown; 0: all are */
    uint32_t until; /* nor this one, nor any after it; 0: all are */
    double x0;
    double x1;
    bool whole;   /* nothing is left out */
    bool by_time; /* what stands for time is as wide as it is long, unless it is squeezed */
};

/* Choose the columns among those from axis->from until axis->until: all if they fit; around the
 * steps of finding; else the first and the last. */
void axis_choose(struct axis *axis, const struct timeline *timeline,
                 const struct sim_finding *finding);

/* Ask for room for the labels of a lane's operations.  Without fonts, every character is AXIS_CELL
 * wide. */
void axis_want(struct axis *axis, const struct timeline *timeline, const struct fonts *fonts,
               uint32_t lane, double size);

/* Ask for room in the last column. */
void axis_want_end(struct axis *axis);

/* Share the width from x0 to x1.  By time, a gap that would leave the others no room is squeezed.
 */
void axis_place(struct axis *axis, double x0, double x1);

/* The first slot at or after a column; axis->count if there is none. */
int axis_slot(const struct axis *axis, uint32_t column);

/* Whether a column is among those shown. */
bool axis_has(const struct axis *axis, uint32_t column);

/* Whether the end of the run is among what is shown. */
bool axis_has_end(const struct axis *axis, const struct timeline *timeline);

/* Where a column begins, or would; x1 past the end. */
double axis_x(const struct axis *axis, uint32_t column);

#endif
