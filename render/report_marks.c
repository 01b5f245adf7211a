/* What stands over the lanes of a report: arrows, the conflict, the numbers of the story. */
#include <stdio.h>
#include <stdlib.h>

#include "render/report.h"
#include "render/story.h"

enum { BAR = REPORT_BAR, ARROWS_MAX = 24, TAKEN_MAX = 128, DISC = 8, DEAF = 4 };

/* Places that words must leave free. */
struct taken {
    struct {
        double x0;
        double y0;
        double x1;
        double y1;
    } places[TAKEN_MAX];
    int count;
};

static void take(struct taken *taken, double x0, double y0, double x1, double y1)
{
    if (taken->count < TAKEN_MAX) {
        taken->places[taken->count].x0 = x0 < x1 ? x0 : x1;
        taken->places[taken->count].x1 = x0 < x1 ? x1 : x0;
        taken->places[taken->count].y0 = y0 < y1 ? y0 : y1;
        taken->places[taken->count++].y1 = y0 < y1 ? y1 : y0;
    }
}

static bool is_free(const struct taken *taken, double x0, double y0, double x1, double y1)
{
    for (int i = 0; i < taken->count; i++)
        if (x0 < taken->places[i].x1 && x1 > taken->places[i].x0 && y0 < taken->places[i].y1 &&
            y1 > taken->places[i].y0)
            return false;
    return true;
}

void report_disc(struct report *r, double x, double y, int number)
{
    char text[16];

    (void)snprintf(text, sizeof(text), "%d", number);
    scene_add(r->scene,
              (struct shape){.kind = SHAPE_DISC,
                             .x = x,
                             .y = y,
                             .w = DISC,
                             .fill = r->theme->bug,
                             .edge = r->theme->background,
                             .edge_width = 1.5},
              NULL);
    scene_text(r->scene, FONT_BOLD, 10, x - font_width(r->fonts, FONT_BOLD, 10, text) / 2, y + 3.6,
               r->theme->bug_text, text);
}

double report_bar_of(const struct report *r, uint32_t lane)
{
    for (int i = 0; i < r->involved_count; i++)
        if (r->involved[i] == lane)
            return r->lane_top[i];
    return -1;
}

/* An arrow as it is drawn: from the edge of one bar to that of another. */
struct drawn {
    double x0;
    double y0;
    double x1;
    double y1;
};

static struct drawn place_link(const struct report *r, const struct link *link)
{
    const struct slot *from = &r->axis.slots[axis_slot(&r->axis, link->from_column)];
    const struct slot *to = &r->axis.slots[axis_slot(&r->axis, link->to_column)];
    double y0 = report_bar_of(r, link->from_lane);
    double y1 = report_bar_of(r, link->to_lane);
    double end = from->x + from->width - 2;
    bool down = y1 > y0;

    return (struct drawn){.x0 = end,
                          .y0 = down ? y0 + BAR : y0,
                          .x1 = from == to || to->x + 2 < end ? end : to->x + 2,
                          .y1 = down ? y1 + 4 : y1 + BAR - 4};
}

/* What an arrow stands for, in the gap above the lower of its lanes, if nothing else is there. */
static void word(struct report *r, struct taken *taken, const struct drawn *d, enum link_kind kind)
{
    static const char *const words[LINK_COUNT] = {
        [LINK_SET] = "set",   [LINK_NOTIFY] = "notify", [LINK_RELEASE] = "release",
        [LINK_JOIN] = "join", [LINK_RESULT] = "result", [LINK_CANCEL] = "cancel"};

    if (words[kind] == NULL)
        return;
    bool down = d->y1 > d->y0;
    double y = down ? d->y1 - 4 : d->y0;
    double w = font_width(r->fonts, FONT_SANS, 10, words[kind]);
    double x = (down ? d->x1 : d->x0) + 5;

    if (!is_free(taken, x - 1, y - 12, x + w + 1, y - 1))
        x -= w + 10;
    if (x < r->axis.x0 || x + w > r->width - 4 || !is_free(taken, x - 1, y - 12, x + w + 1, y - 1))
        return;
    take(taken, x - 1, y - 12, x + w + 1, y - 1);
    scene_text(r->scene, FONT_SANS, 10, x, y - 3.5, r->theme->ink2, words[kind]);
}

static void arrows(struct report *r, struct taken *taken)
{
    struct link links[ARROWS_MAX];
    int count = report_links(r, links, ARROWS_MAX);

    r->scene->out_of_memory |= count < 0;
    for (int i = 0; i < count; i++) {
        struct drawn d = place_link(r, &links[i]);
        bool start = links[i].kind == LINK_START;

        take(taken, d.x0 - 1.5, d.y0, d.x1 + 1.5, d.y1);
        scene_add(r->scene,
                  (struct shape){.kind = SHAPE_ARROW,
                                 .x = d.x0,
                                 .y = d.y0,
                                 .w = d.x1 - d.x0,
                                 .h = d.y1 - d.y0,
                                 .edge = start ? r->theme->ink2 : r->theme->ink,
                                 .edge_width = 1.2,
                                 .dashed = start},
                  NULL);
        r->links[links[i].kind] = true;
    }
    for (int i = 0; i < count; i++) {
        struct drawn d = place_link(r, &links[i]);

        word(r, taken, &d, links[i].kind);
    }
}

bool report_place_step(const struct report *r, int step, double *y, uint32_t *column)
{
    const struct finding_step *s = &r->finding->steps[step];
    uint32_t lane = story_lane(r->timeline, s);

    *y = lane == UINT32_MAX ? -1 : report_bar_of(r, lane);
    *column = timeline_column_of_step(r->timeline, s->step);
    return *y >= 0 && axis_has(&r->axis, *column);
}

double report_number_x(const struct report *r, int step, uint32_t column)
{
    return axis_x(&r->axis, column) +
           story_beside(r->timeline, r->finding, step) * REPORT_NUMBER_WIDTH;
}

/* Where in a column a mark of the bug begins: right of the number that may stand there. */
static double aside(const struct report *r, uint32_t column)
{
    double width = r->axis.slots[axis_slot(&r->axis, column)].width;

    return axis_x(&r->axis, column) + (width > 44 ? 22 : width / 2);
}

/* The two accesses that conflict: the last two steps of the story. */
static void conflict(struct report *r)
{
    const struct sim_finding *f = r->finding;
    uint32_t a = 0;
    uint32_t b = 0;
    double ya = 0;
    double yb = 0;

    if (f == NULL || f->step_count < 2 ||
        (f->kind != SIM_FINDING_LOST_UPDATE && f->kind != SIM_FINDING_DATA_RACE) ||
        !report_place_step(r, f->step_count - 2, &ya, &a) ||
        !report_place_step(r, f->step_count - 1, &yb, &b) || ya == yb)
        return;
    scene_add(r->scene,
              (struct shape){.kind = SHAPE_DOUBLE,
                             .x = aside(r, a),
                             .y = ya < yb ? ya + BAR : ya,
                             .w = aside(r, b) - aside(r, a),
                             .h = (ya < yb ? yb : yb + BAR) - (ya < yb ? ya + BAR : ya),
                             .edge = r->theme->bug,
                             .edge_width = 2},
              NULL);
    r->conflict = true;
}

/* The step of a story that is a notification which nobody hears; the wait is the next. */
static int notification(const struct sim_finding *f)
{
    return f->kind == SIM_FINDING_EARLY_NOTIFY ? f->step_count - 2 : 0;
}

/* A notification that reaches a lane which does not wait: its arrow ends in an open circle. */
static void unheard(struct report *r)
{
    const struct sim_finding *f = r->finding;
    uint32_t a = 0;
    uint32_t b = 0;
    double ya = 0;
    double yb = 0;

    if (f == NULL || f->step_count < 2 ||
        (f->kind != SIM_FINDING_LOST_WAKEUP && f->kind != SIM_FINDING_EARLY_NOTIFY) ||
        !report_place_step(r, notification(f), &ya, &a) ||
        !report_place_step(r, notification(f) + 1, &yb, &b) ||
        f->steps[notification(f)].object != f->steps[notification(f) + 1].object || ya == yb ||
        b <= a)
        return;
    double x = aside(r, a);
    double from = ya < yb ? ya + BAR : ya;
    double to = ya < yb ? yb : yb + BAR;

    scene_line(r->scene, x, from, x, ya < yb ? to - DEAF : to + DEAF, 2, r->theme->bug, true);
    scene_add(r->scene,
              (struct shape){.kind = SHAPE_DISC,
                             .x = x,
                             .y = to,
                             .w = DEAF,
                             .fill = r->theme->background,
                             .edge = r->theme->bug,
                             .edge_width = 2},
              NULL);
    r->heard = true;
}

void report_marks(struct report *r)
{
    const struct sim_finding *f = r->finding;
    struct taken taken = {.count = 0};
    uint32_t column = 0;
    double y = 0;

    for (int i = 0; f != NULL && i < f->step_count; i++)
        if (report_place_step(r, i, &y, &column)) {
            double x = report_number_x(r, i, column);

            take(&taken, x - DISC - 1, y - DISC - 2, x + DISC + 1, y + DISC);
        }
    arrows(r, &taken);
    conflict(r);
    unheard(r);
    report_explored_marks(r);
    if (report_is_stuck(r))
        scene_line(r->scene, r->axis.x1, r->lanes_top - 4, r->axis.x1, r->lanes_bottom, 2,
                   r->theme->bug, true);
    for (int i = 0; f != NULL && i < f->step_count; i++)
        if (report_place_step(r, i, &y, &column))
            report_disc(r, report_number_x(r, i, column), y - 1, i + 1);
}
