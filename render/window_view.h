/* View: what the window shows at one moment, as a scene.  Knows no SDL. */
#ifndef RENDER_WINDOW_VIEW_H
#define RENDER_WINDOW_VIEW_H

#include "render/index.h"
#include "render/render.h"
#include "render/scene.h"
#include "render/window_rows.h"

/* From the top: what was found and which run this is; buttons; the whole run, small; the axis; and
 * then the lanes. */
enum { VIEW_TOOLS = 62, VIEW_MAP = 90, VIEW_MAP_HEIGHT = 28, VIEW_AXIS = 122, VIEW_TOP = 152 };
enum { VIEW_NAMES = 150, VIEW_SIDE = 320, VIEW_PITCH = 30, VIEW_TITLE = 20, VIEW_GAP = 6 };

/* Lanes can be lower, to see many of them, or higher. */
struct view_look {
    double pitch;   /* from one lane to the next */
    double above;   /* the bar */
    double bar;     /* how high it is */
    double letters; /* size of what is written on it; 0: nothing is */
    double name;    /* size of the name beside it */
};
enum { LOOK_DENSE, LOOK_LOW, LOOK_PLAIN, LOOK_HIGH, LOOK_COUNT };

/* Below the lanes: a list of steps with the source beside it, and a line that says what is under
 * the pointer. */
enum { VIEW_ROWS = 8, VIEW_HINT = 24, VIEW_BOTTOM = VIEW_HINT + 17 * VIEW_ROWS + 16 };
enum { VIEW_HINT_MAX = 256 };

/* Speeds of playing: each is twice as fast as the one before, from one step a second on. */
enum { SPEED_FIRST = 2, SPEED_COUNT = 13 };

/* Of two runs that are shown together, the one that came of the other is below. */
enum view_pane { VIEW_WHOLE, VIEW_UPPER, VIEW_LOWER };

/* By itself, a graph is shown where no lanes are. */
enum view_graph { GRAPH_WHERE_ROOM, GRAPH_SHOWN, GRAPH_HIDDEN };

/* What a place does when it is clicked; index says which. */
enum view_hit {
    HIT_ROW,         /* an option of a choice: try it */
    HIT_RUN,         /* show a run */
    HIT_SWAP,        /* walk the other run */
    HIT_NEXT_CHOICE, /* index: event to go to */
    HIT_SAVE,        /* write the picture */
    HIT_COMMAND,     /* index: enum command */
    HIT_EVENT,       /* index: event to go to */
    HIT_PIN,         /* index: lane */
    HIT_HIDE,        /* index: lane */
    HIT_FOUND,       /* index: of what the search has found */
    HIT_NODE,        /* index: row of the tree */
    HIT_FOLD,        /* index: row of the tree, to be opened or closed */
};
enum { HITS_MAX = 256, HIT_HEIGHT = 16 };

struct view_hits {
    struct {
        double x;
        double y; /* top */
        double w;
        double h;
        enum view_hit what;
        size_t index;
    } list[HITS_MAX];
    int count;
};

struct world;
struct runs;
struct find;
struct branches;

struct view {
    const struct trace *trace;
    const struct timeline *timeline;
    const struct index *index;
    const struct rows *rows;   /* NULL: every lane has one, in order */
    struct world *world;       /* the state at the step in focus; NULL: it is not shown */
    const struct runs *runs;   /* with their choices; NULL: not shown */
    const struct find *find;   /* what is searched; NULL: nothing can be */
    struct branches *branches; /* the tree of choices; NULL: there is none */
    struct view_hits *hits;    /* noted as the view is drawn; NULL: they are not */
    const uint8_t *differ; /* by operation: enum differ, beside another run; NULL: there is none */
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
    int look;       /* of the lanes: LOOK_PLAIN ... */
    size_t focus;   /* event */
    size_t finding; /* the one that is told and marked, if there is any */
    double x;       /* of the pointer */
    double y;
    const char *message;   /* what the last key has done, until the next; NULL: nothing to say */
    enum view_graph graph; /* of who waits for whom in the finding */
    int speed;             /* 1 << speed steps a second */
    bool playing;
    bool help;
};

/* Everything at first: the whole run, the focus on the finding's last step or the first event.  If
 * the options ask for some steps only, those are shown. */
void view_init(struct view *view, const struct index *index, const struct fonts *fonts,
               const struct render_options *options);

/* Between which heights its lanes are. */
double view_top(const struct view *view);
double view_bottom(const struct view *view);

/* How its lanes look; in the next lower or higher look, what is at y stays there. */
const struct view_look *view_look(const struct view *view);
void view_change_look(struct view *view, int by, double y);

/* How many rows there are, and of those that are pinned, how many stay at the top. */
uint32_t view_rows(const struct view *view);
uint32_t view_pins(const struct view *view);

/* The lane of a row; where the row of a lane begins, far above all if it has none. */
uint32_t view_row_lane(const struct view *view, uint32_t row);
double view_lane_y(const struct view *view, uint32_t lane);

/* Whether a lane is in sight: all of it, where two runs are shown and nothing covers what hangs
 * over. */
bool view_sees(const struct view *view, uint32_t lane);

/* The zoom that shows everything. */
double view_least_zoom(const struct view *view);

/* Show the whole run; or from one column up to, not including, another. */
void view_fit(struct view *view);
void view_show(struct view *view, double from, double to);

/* Have another size; a run that was shown whole still is. */
void view_resize(struct view *view, double width, double height);

/* Keep left, zoom and scroll within the run. */
void view_clamp(struct view *view);

/* Zoom by factor; what is at x stays there. */
void view_zoom(struct view *view, double factor, double x);

/* Show what the map shows at x, in the middle. */
void view_go(struct view *view, double x);

/* Where the column in focus is; the middle of the lanes, if it is out of sight. */
double view_cursor(const struct view *view);

/* The lane of the focus; UINT32_MAX for the event loop. */
uint32_t view_lane(const struct view *view);

/* The lane at a place, also where its name is; UINT32_MAX if there is none. */
uint32_t view_lane_at(const struct view *view, double x, double y);

/* What a lane does at a place; NULL if nothing. */
const struct span *view_span_at(const struct view *view, double x, double y);

/* The finding that is told; NULL if there is none. */
const struct sim_finding *view_finding(const struct view *view);

/* The event whose row in the list is at this height; SIZE_MAX if there is none. */
size_t view_row(const struct view *view, double y);

/* What there is to say of what is under the pointer, or of what can be done. */
const char *view_hint(const struct view *view, char text[VIEW_HINT_MAX]);

/* Whether the graph of who waits for whom is shown. */
bool view_shows_graph(const struct view *view);

/* Draw.  scene is {0} before, and to be freed. */
void view_draw(const struct view *view, struct scene *scene);

#endif
