/* What could have been otherwise: choices, runs that were tried, and two runs together. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "render/window_draw.h"
#include "render/window_runs.h"

/* The rows to show, if there is room for so many: those around the one that is picked. */
static size_t first_row(const struct runs *runs, size_t room)
{
    size_t first = runs->picked < room / 2 ? 0 : runs->picked - room / 2;

    if (runs->row_count <= room)
        return 0;
    return first + room > runs->row_count ? runs->row_count - room : first;
}

static void draw_option(struct drawing *d, size_t index)
{
    const struct runs *runs = d->v->runs;
    const struct choice_row *row = &runs->rows[index];
    char text[FONT_TEXT_MAX];
    char key[8] = "  ";
    char run[32] = "";

    if (index < 9)
        (void)snprintf(key, sizeof(key), "%zu", index + 1);
    if (row->run >= 0)
        (void)snprintf(run, sizeof(run), " (run %d)", row->run + 1);
    (void)snprintf(text, sizeof(text), "%s  %.160s%s", key, row->words,
                   row->taken ? " \xE2\x80\x94 taken" : run);
    if (index == runs->picked && !row->taken)
        scene_rect(d->scene, d->v->width - VIEW_SIDE + 4, d->y - 12, VIEW_SIDE - 8, SIDE_LINE,
                   d->theme->grid);
    side_hit(d, HIT_ROW, index);
    side_line(d, row->taken ? FONT_BOLD : FONT_SANS, d->theme->ink, text);
}

/* No choice here: the way to the next one. */
static void draw_next(struct drawing *d)
{
    const struct view *v = d->v;
    size_t next = runs_next_choice(v->runs, v, 1);
    char text[FONT_TEXT_MAX];

    if (next == SIZE_MAX)
        next = runs_next_choice(v->runs, v, -1);
    if (next == SIZE_MAX) {
        /* Tasks of a loop take turns in the order in which they became ready. */
        if (strcmp(v->trace->level, "any") != 0) {
            d->y += SIDE_GAP;
            side_line(d, FONT_SANS, d->theme->ink2,
                      "no choices in this run; --level any gives tasks some");
        }
        return;
    }
    (void)snprintf(text, sizeof(text), "no choice here; one at step %u (C)",
                   v->trace->events[next].step);
    d->y += SIDE_GAP;
    side_hit(d, HIT_NEXT_CHOICE, next);
    side_line(d, FONT_SANS, d->theme->ink2, text);
}

void side_choices(struct drawing *d, double room)
{
    const struct runs *runs = d->v->runs;
    double lines = floor((room - SIDE_GAP) / SIDE_LINE) - 2;
    char text[FONT_TEXT_MAX];

    if (runs == NULL || lines < 1)
        return;
    if (runs->row_count == 0 && runs->why[0] == '\0') {
        draw_next(d);
        return;
    }
    size_t most = (size_t)lines;
    size_t first = first_row(runs, most);

    d->y += SIDE_GAP;
    side_line(d, FONT_BOLD, d->theme->ink, "what if, after this step \xE2\x80\xA6");
    if (runs->why[0] != '\0')
        side_line(d, FONT_SANS, d->theme->ink2, runs->why);
    for (size_t i = first; i < runs->row_count && i < first + most; i++)
        draw_option(d, i);
    size_t hidden = runs->left_out + (runs->row_count > most ? runs->row_count - most : 0);

    if (hidden > 0) {
        (void)snprintf(text, sizeof(text), "and %zu more", hidden);
        side_line(d, FONT_SANS, d->theme->ink2, text);
    }
}

static const char *badge_of(const struct run *run)
{
    struct report r = {.trace = run->trace,
                       .finding = run->trace->finding_count > 0 ? &run->trace->findings[0] : NULL};

    return report_badge(&r);
}

static void run_words(const struct runs *runs, int index, char out[FONT_TEXT_MAX])
{
    const struct run *run = &runs->list[index];

    (void)snprintf(out, FONT_TEXT_MAX, "run %d: %s \xE2\x80\x94 %s", index + 1, badge_of(run),
                   run->words);
}

void side_runs(struct drawing *d, double room)
{
    const struct runs *runs = d->v->runs;
    double lines = floor((room - SIDE_GAP) / SIDE_LINE) - 3;
    char text[FONT_TEXT_MAX];

    if (runs == NULL || runs->count < 2 || lines < 1)
        return;
    int most = (int)lines;
    int first = runs->at < most / 2 ? 0 : runs->at - most / 2;

    first = runs->count <= most ? 0 : first + most > runs->count ? runs->count - most : first;
    d->y += SIDE_GAP;
    (void)snprintf(text, sizeof(text), "runs: %d", runs->count);
    side_line(d, FONT_BOLD, d->theme->ink, text);
    for (int i = first; i < runs->count && i < first + most; i++) {
        run_words(runs, i, text);
        if (i == runs->at)
            scene_rect(d->scene, d->v->width - VIEW_SIDE + 4, d->y - 12, VIEW_SIDE - 8, SIDE_LINE,
                       d->theme->grid);
        side_hit(d, HIT_RUN, (size_t)i);
        side_line(d, FONT_SANS, d->theme->ink, text);
    }
    if (runs->lower < 0)
        return;
    side_hit(d, HIT_SWAP, 0);
    side_line(d, FONT_SANS, d->theme->ink2, "walk the other run (O)");
    side_hit(d, HIT_SAVE, 0);
    side_line(d, FONT_SANS, d->theme->ink2, "write both to pickglass.png (P)");
}

static void draw_title(struct drawing *d, int index)
{
    const struct view *v = d->v;
    const struct runs *runs = v->runs;
    bool walked = index == runs->at;
    double y = view_top(v) - VIEW_GAP - VIEW_TITLE;
    char text[FONT_TEXT_MAX];

    run_words(runs, index, text);
    scene_rect(d->scene, 0, y, v->width - VIEW_SIDE, VIEW_TITLE, d->theme->panel);
    scene_rect(d->scene, 0, y, v->width - VIEW_SIDE, 1, d->theme->grid);
    if (walked)
        scene_rect(d->scene, 0, y, 4, VIEW_TITLE, d->theme->ink);
    draw_fitted(d, walked ? FONT_BOLD : FONT_SANS, 11, 10, y + 14, v->width - VIEW_SIDE - 20,
                walked ? d->theme->ink : d->theme->ink2, text);
}

/* The line at which the two runs part. */
static void draw_difference(struct drawing *d)
{
    const struct view *v = d->v;
    const struct run *run = &v->runs->list[v->runs->lower];
    double x = draw_x(v, run->column);
    char text[64];

    if (run->differs == 0 || x < VIEW_NAMES || x > v->width - VIEW_SIDE - 10)
        return;
    double y = (VIEW_TOP + v->height - VIEW_BOTTOM) / 2;

    (void)snprintf(text, sizeof(text), "they part at step %u", run->differs);
    double w = font_width(v->fonts, FONT_BOLD, 10, text) + 10;
    double left = x + w > v->width - VIEW_SIDE ? x - w : x;

    scene_line(d->scene, x, VIEW_TOP + VIEW_TITLE, x, y, 2, d->theme->ink, true);
    scene_line(d->scene, x, y + VIEW_TITLE, x, v->height - VIEW_BOTTOM, 2, d->theme->ink, true);
    scene_rect(d->scene, left, y - 16, w, 15, d->theme->ink);
    scene_text(d->scene, FONT_BOLD, 10, left + 5, y - 5, d->theme->background, text);
}

void draw_panes(struct drawing *d)
{
    struct view other;
    struct drawing beside = *d;

    if (d->v->runs != NULL && runs_beside(d->v->runs, d->v, &other)) {
        const struct runs *runs = d->v->runs;

        beside.v = &other;
        draw_lanes(&beside);
        draw_marks(&beside);
        draw_title(&beside, runs->at == runs->lower ? runs->upper : runs->lower);
        draw_lanes(d);
        draw_marks(d);
        draw_title(d, runs->at);
        draw_difference(d);
        return;
    }
    draw_lanes(d);
    draw_marks(d);
}
