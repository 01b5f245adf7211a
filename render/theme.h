/* Theme: colours by what they mean.  Values and their contrast are those of the palette in
 * assets/palette.md; vermillion means the bug, and nothing else. */
#ifndef RENDER_THEME_H
#define RENDER_THEME_H

#include <stdint.h>

enum render_theme { RENDER_LIGHT, RENDER_DARK };

/* What an actor does; also the order of priority in which small spans show. */
enum lane_state {
    LANE_CREATED,
    LANE_READY,
    LANE_RUNNING,
    LANE_AWAITING,
    LANE_BLOCKED,
    LANE_STATE_COUNT,
};

struct state_colours {
    uint32_t fill; /* 0xRRGGBB */
    uint32_t edge;
    uint32_t text; /* on the fill */
};

struct theme {
    uint32_t background;
    uint32_t panel;
    uint32_t ink;
    uint32_t ink2; /* secondary */
    uint32_t grid;
    uint32_t hold; /* lock held */
    uint32_t bug;
    uint32_t bug_text; /* on bug */
    uint32_t bug_tint; /* behind a marked line */
    uint32_t calm;     /* badge of a run without a finding */
    struct state_colours states[LANE_STATE_COUNT];
    struct state_colours done;
    struct state_colours cancelled;
    struct state_colours failed;
};

const struct theme *theme_of(enum render_theme theme);

/* The same, faint: for what is not meant. */
struct theme theme_faint(const struct theme *theme);

/* The WCAG 2 contrast of two colours, from 1 to 21. */
double theme_contrast(uint32_t a, uint32_t b);

#endif
