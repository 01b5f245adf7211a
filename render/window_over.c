/* What lies over the window for a while: the search, and the keys. */
#include <stdio.h>

#include "render/window_draw.h"
#include "render/window_find.h"
#include "render/window_keys.h"

enum { FIND_WIDTH = 460, FIND_LINE = 18, HELP_WIDTH = 940, HELP_LINE = 18, HELP_ROWS_MOST = 80 };

static void panel(struct drawing *d, const struct box *box)
{
    scene_add(d->scene,
              (struct shape){.kind = SHAPE_RECT,
                             .x = box->x,
                             .y = box->y,
                             .w = box->w,
                             .h = box->h,
                             .radius = 6,
                             .fill = d->theme->panel,
                             .edge = d->theme->ink2,
                             .edge_width = 1},
              NULL);
}

static void find_words(const struct find *f, char out[LABEL_MAX])
{
    if (f->text[0] == '\0')
        (void)snprintf(out, LABEL_MAX,
                       "a task, an object, or what is done: \xE2\x80\x9Cwrite\xE2\x80\x9D");
    else if (f->left > 0)
        (void)snprintf(out, LABEL_MAX, "%zu events are still to be searched", f->left);
    else if (f->count == 0)
        (void)snprintf(out, LABEL_MAX, "nothing has that");
    else if (f->count == FOUND_MOST)
        (void)snprintf(out, LABEL_MAX, "and perhaps more, from there on: F3");
    else
        (void)snprintf(out, LABEL_MAX, "Up, Down, Enter; Esc");
}

void draw_find(struct drawing *d)
{
    const struct find *f = d->v->find;
    struct box box = {VIEW_NAMES + 20, VIEW_TOP + 8, FIND_WIDTH, 0};
    char text[FIND_TEXT_MAX + 16];
    char words[LABEL_MAX];

    if (f == NULL || !f->open)
        return;
    box.h = 52 + FIND_LINE * f->count + (f->more > 0 ? FIND_LINE : 0);
    panel(d, &box);
    scene_rect(d->scene, box.x + 8, box.y + 8, box.w - 16, 22, d->theme->background);
    (void)snprintf(text, sizeof(text), "/%s", f->text);
    /* What the next letter replaces looks like what is selected. */
    if (f->fresh && f->text[0] != '\0')
        scene_rect(d->scene, box.x + 14 + font_width(d->v->fonts, FONT_MONO, 12, "/"), box.y + 11,
                   font_width(d->v->fonts, FONT_MONO, 12, f->text) + 1, 16, d->theme->grid);
    draw_fitted(d, FONT_MONO, 12, box.x + 14, box.y + 23, box.w - 40, d->theme->ink, text);
    scene_rect(d->scene, box.x + 15 + font_width(d->v->fonts, FONT_MONO, 12, text), box.y + 12, 1.5,
               14, d->theme->ink);
    for (int i = 0; i < f->count; i++) {
        struct box line = {box.x + 8, box.y + 34 + FIND_LINE * i, box.w - 16, FIND_LINE};

        if (i == f->picked)
            scene_rect(d->scene, line.x, line.y, line.w, line.h, d->theme->grid);
        draw_fitted(d, FONT_SANS, 11, line.x + 6, line.y + 13, line.w - 12, d->theme->ink,
                    f->list[i].words);
        draw_hit(d, &line, HIT_FOUND, (size_t)i);
    }
    double y = box.y + 46 + FIND_LINE * f->count;

    if (f->more > 0) {
        char more[64];

        (void)snprintf(more, sizeof(more), "and %zu more names", f->more);
        scene_text(d->scene, FONT_SANS, 11, box.x + 14, y, d->theme->ink2, more);
        y += FIND_LINE;
    }
    find_words(f, words);
    scene_text(d->scene, FONT_SANS, 10, box.x + 14, y, d->theme->ink2, words);
}

void draw_help(struct drawing *d)
{
    const struct view *v = d->v;
    struct help_row row;
    int count = 0;

    while (count < HELP_ROWS_MOST && help_row((size_t)count, &row))
        count++;
    int rows = (count + 1) / 2;
    struct box box = {(v->width - HELP_WIDTH) / 2, 0, HELP_WIDTH, rows * HELP_LINE + 30.0};

    box.y = (v->height - box.h) / 2;
    panel(d, &box);
    for (int i = 0; i < count && help_row((size_t)i, &row); i++) {
        int column = i / rows;
        double x = box.x + 16 + column * (HELP_WIDTH / 2.0);
        double y = box.y + 28 + i % rows * HELP_LINE;

        draw_fitted(d, FONT_BOLD, 11, x, y, 122, d->theme->ink, row.keys);
        draw_fitted(d, FONT_SANS, 11, x + 128, y, HELP_WIDTH / 2.0 - 150, d->theme->ink, row.text);
    }
}
