/* The lines of source that a finding's steps pass. */
#include <stdio.h>
#include <string.h>

#include "render/report.h"

enum { PANELS_MAX = 3, PANEL_LINES = 7 };

/* Lines of one function that the story passes. */
struct panel {
    const struct sim_site *site;
    int first;
    int last;
};

static int collect_panels(const struct report *r, struct panel panels[PANELS_MAX])
{
    int count = 0;

    for (int i = 0; i < r->finding->step_count; i++) {
        const struct sim_site *site =
            registry_site_at(r->trace->registry, r->finding->steps[i].site);
        int at = 0;

        if (site == NULL)
            continue;
        while (at < count && (strcmp(panels[at].site->file, site->file) != 0 ||
                              strcmp(panels[at].site->func, site->func) != 0 ||
                              site->line > panels[at].first + PANEL_LINES - 3 ||
                              site->line < panels[at].last - PANEL_LINES + 3))
            at++;
        if (at == count && count == PANELS_MAX)
            continue;
        if (at == count) {
            panels[count++] = (struct panel){.site = site, .first = site->line, .last = site->line};
            continue;
        }
        if (site->line < panels[at].first)
            panels[at].first = site->line;
        if (site->line > panels[at].last)
            panels[at].last = site->line;
    }
    return count;
}

static bool is_marked(const struct report *r, const char *file, int line)
{
    for (int i = 0; i < r->finding->step_count; i++) {
        const struct sim_site *site =
            registry_site_at(r->trace->registry, r->finding->steps[i].site);

        if (site != NULL && site->line == line && strcmp(site->file, file) == 0)
            return true;
    }
    return false;
}

static double draw_panel(struct report *r, const struct panel *panel, double x, double w)
{
    const char *slash = strrchr(panel->site->file, '/');
    int first = panel->first > 2 ? panel->first - 2 : 1;
    int last = panel->last + 1;
    double height = 26 + 16.0 * (double)(last - first + 1);
    double y = r->y + 18;
    char text[FONT_TEXT_MAX];
    char fitted[FONT_TEXT_MAX];

    scene_add(r->scene,
              (struct shape){.kind = SHAPE_RECT,
                             .x = x,
                             .y = r->y,
                             .w = w,
                             .h = height,
                             .radius = 3,
                             .fill = r->theme->panel},
              NULL);
    (void)snprintf(text, sizeof(text), "%.80s \xE2\x80\x94 %.80s",
                   slash == NULL ? panel->site->file : slash + 1, panel->site->func);
    scene_text(r->scene, FONT_BOLD, 11, x + 8, y, r->theme->ink, text);
    for (int line = first; line <= last; line++) {
        const char *code = r->options->source_line(r->options->source_arg, panel->site->file, line);

        y += 16;
        if (is_marked(r, panel->site->file, line)) {
            scene_rect(r->scene, x, y - 12, w, 16, r->theme->bug_tint);
            scene_rect(r->scene, x, y - 12, 3, 16, r->theme->bug);
        }
        (void)snprintf(text, sizeof(text), "%4d  %.400s", line, code == NULL ? "" : code);
        scene_text(r->scene, FONT_MONO, 10.5, x + 6, y, r->theme->ink,
                   font_fit(r->fonts, FONT_MONO, 10.5, text, w - 12, fitted));
    }
    return height;
}

void report_source(struct report *r)
{
    struct panel panels[PANELS_MAX];
    double tallest = 0;

    if (r->finding == NULL || r->options->source_line == NULL)
        return;
    int count = collect_panels(r, panels);
    int known = 0;

    for (int i = 0; i < count; i++)
        if (r->options->source_line(r->options->source_arg, panels[i].site->file,
                                    panels[i].first) != NULL)
            panels[known++] = panels[i];
    if (known == 0)
        return;
    double w = (r->width - 2 * MARGIN - 12.0 * (known - 1)) / known;

    r->y += 8;
    for (int i = 0; i < known; i++) {
        double height = draw_panel(r, &panels[i], MARGIN + (w + 12) * i, w);

        tallest = height > tallest ? height : tallest;
    }
    r->y += tallest + 4;
}
