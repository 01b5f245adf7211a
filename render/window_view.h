/* View: what the window shows at one moment, as a scene.  Knows no SDL. */
#ifndef RENDER_WINDOW_VIEW_H
#define RENDER_WINDOW_VIEW_H

#include "render/render.h"
#include "render/scene.h"
#include "render/timeline.h"

enum { VIEW_TOP = 112, VIEW_NAMES = 150, VIEW_SIDE = 320, VIEW_PITCH = 30, VIEW_TITLE = 20 };

/* Below the lanes: a list of steps, and a line that says what is under the pointer. */
enum { VIEW_ROWS = 8, VIEW_HINT = 24, VIEW_BOTTOM = VIEW_HINT + 17 * VIEW_ROWS + 16 };
enum { VIEW_HINT_MAX = 256 };

/* Of two runs that are shown together, the one that came of the other is below. */
enum view_pane { VIEW_WHOLE, VIEW_UPPER, VIEW_LOWER };

/* What a line of the side panel does when it is clicked. */
enum view_hit { HIT_ROW, HIT_RUN, HIT_SWAP, HIT_NEXT_CHOICE, HIT_SAVE };
enum { HITS_MAX = 128, HIT_HEIGHT = 16 };

struct view_hits {
    struct {
        double y; /* top */
        enum view_hit what;
        size_t index;
    } list[HITS_MAX];
    int count;
};

struct world;
struct runs;

struct view {
    const struct trace *trace;
    const struct timeline *timeline;
    struct world *world;     /* the state at the step in focus; NULL: it is not shown */
    const struct runs *runs; /* with their choices; NULL: not shown */
    struct view_hits *hits;  /* noted as the view is drawn; NULL: they are not */
    enum view_pane pane;
    double columns; /* that can be shown */
    const struct fonts *fonts;
    const struct render_options *options;
    enum render_theme theme;
    double width;
    double height;
    double left;    /* first column shown; a fraction is a part of a column */
    double zoom;    /* logical pixels to a column */
    double scroll;  /* logical pixels that the lanes are scrolled down */
    size_t focus;   /* event */
    size_t finding; /* the one that is told and marked, if there is any */
    double x;       /* of the pointer */
    double y;
    const char *message; /* what the last key has done, until the next; NULL: nothing to say */
    bool playing;
    bool help;
};

/* Everything at first: the whole run, the focus on the finding's last step or the first event. */
void view_init(struct view *view, const struct trace *trace, const struct timeline *timeline,
               const struct fonts *fonts, const struct render_options *options);

/* Between which heights its lanes are. */
double view_top(const struct view *view);
double view_bottom(const struct view *view);

/* The zoom that shows everything. */
double view_least_zoom(const struct view *view);

/* Show the whole run. */
void view_fit(struct view *view);

/* Keep left, zoom and scroll within the run. */
void view_clamp(struct view *view);

/* Zoom by factor; what is at x stays there. */
void view_zoom(struct view *view, double factor, double x);

/* Where the column in focus is; the middle of the lanes, if it is out of sight. */
double view_cursor(const struct view *view);

/* Move the focus by so many steps; of its own lane only, or to the next other lane. */
void view_step(struct view *view, int direction, bool same_lane);
void view_focus(struct view *view, size_t event);

/* Move the focus to the next, or previous, step of another actor than the step before it. */
void view_switch(struct view *view, int direction);

/* Move to the next, or previous, numbered step of the finding; behind its last, on to the next
 * finding. */
void view_mark(struct view *view, int direction);

/* The finding that is told; NULL if there is none. */
const struct sim_finding *view_finding(const struct view *view);

/* The lane of the focus; UINT32_MAX for the event loop. */
uint32_t view_lane(const struct view *view);

/* The event whose row in the list is at this height; SIZE_MAX if there is none. */
size_t view_row(const struct view *view, double y);

/* What there is to say of what is under the pointer, or of what can be done. */
const char *view_hint(const struct view *view, char text[VIEW_HINT_MAX]);

/* Focus on what is at a place: the operation or the span there, or a row of the list. */
void view_click(struct view *view, double x, double y);

/* Draw.  scene is {0} before, and to be freed. */
void view_draw(const struct view *view, struct scene *scene);

#endif
