/* Render: a trace as a picture that explains itself, as PNG or SVG.
 *
 * The picture is a function of trace and options alone: no date, no host, no display.  Files are
 * written beside and then renamed; on failure error says what, where and why, and nothing is left.
 */
#ifndef RENDER_RENDER_H
#define RENDER_RENDER_H

#include <stdbool.h>
#include <stddef.h>

#include "render/theme.h"

struct scene;
struct fonts;
struct trace;

enum { RENDER_WIDTH_LEAST = 480, RENDER_WIDTH_MOST = 4000, RENDER_ONLY_MOST = 12 };

/* What the horizontal axis counts: every step has its place, and moves of time have a little; or
 * they have as much as they last.  By itself a picture is by time if time moves in the run, and
 * what was found, if anything, is about time; else it is by steps. */
enum render_axis { RENDER_AXIS_AUTO, RENDER_STEPS, RENDER_TIME };

/* From a choice of a failing run on: how many of its continuations fail, too. */
struct render_fate {
    uint32_t step; /* that came before the choice */
    double share;  /* from 0 to 1 */
};

struct render_options {
    int width;    /* logical pixels, RENDER_WIDTH_LEAST to RENDER_WIDTH_MOST */
    double scale; /* pixels to a logical pixel, 1 to 4 */
    enum render_theme theme;
    enum render_axis axis;
    /* The text of a line of source, or NULL if it is not known; valid until the next call.  May be
     * NULL itself: then the picture has no source. */
    const char *(*source_line)(void *arg, const char *file, int line);
    void *source_arg;
    const char *const *only; /* names of the tasks and threads to show, and no others; borrowed */
    int only_count;          /* 0: whom the finding is about; at most RENDER_ONLY_MOST */
    uint32_t first_step;     /* show nothing before it; 0: from the first */
    uint32_t last_step;      /* and nothing after this one; 0: up to the last */
    bool tips;               /* an SVG says more of what one points at */
    /* In order, the first before any choice; borrowed.  fate_count 0: not shown. */
    const struct render_fate *fate;
    size_t fate_count;
    const char *replay; /* the command that shows the run again; NULL: left out */
};

/* Whether the trace has what only, first_step and last_step ask for.  Returns false with a reason
 * in error. */
bool render_has(const struct trace *trace, const struct render_options *options, char *error,
                size_t error_size);

bool render_png(const struct trace *trace, const struct render_options *options, const char *path,
                char *error, size_t error_size);
bool render_svg(const struct trace *trace, const struct render_options *options, const char *path,
                char *error, size_t error_size);

/* The same in memory: *bytes is to be freed. */
bool render_png_memory(const struct trace *trace, const struct render_options *options,
                       unsigned char **bytes, size_t *length, char *error, size_t error_size);
bool render_svg_memory(const struct trace *trace, const struct render_options *options,
                       unsigned char **bytes, size_t *length, char *error, size_t error_size);

/* Lay the report out.  scene is {0} before and to be freed with scene_free, also on failure. */
bool render_report(const struct trace *trace, const struct render_options *options,
                   const struct fonts *fonts, struct scene *scene);

#endif
