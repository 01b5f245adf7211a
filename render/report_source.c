/* The lines of source that a finding's steps pass. */
#include <stdint.h>
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

/* The place of a step of the story.  If it is not known, it is the last that who does it has
 * passed, which is near. */
static const struct sim_site *site_of(const struct report *r, int step, bool *near)
{
    const struct finding_step *s = &r->finding->steps[step];
    const struct sim_site *site = registry_site_at(r->trace->registry, s->site);

    *near = site == NULL;
    for (size_t i = timeline_event_of_step(r->timeline, s->step + 1);
         site == NULL && r->finding->step_count == 1 && i > 0; i--)
        if (r->trace->events[i - 1].actor == s->actor)
            site = registry_site_at(r->trace->registry, r->trace->events[i - 1].site);
    return site;
}

static int collect_panels(const struct report *r, struct panel panels[PANELS_MAX])
{
    int count = 0;

    for (int i = 0; i < r->finding->step_count; i++) {
        bool near = false;
        const struct sim_site *site = site_of(r, i, &near);
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

/* Whether a line is that of a step; near: it is only near. */
static bool is_marked(const struct report *r, const char *file, int line, bool *near)
{
    for (int i = 0; i < r->finding->step_count; i++) {
        const struct sim_site *site = site_of(r, i, near);

        if (site != NULL && site->line == line && strcmp(site->file, file) == 0)
            return true;
    }
    return false;
}

static const char *line_at(const struct report *r, const char *file, int line)
{
    const char *code = r->options->source_line(r->options->source_arg, file, line);

    return code == NULL ? "" : code;
}

/* How many blanks all lines but the empty ones begin with. */
static size_t indent_of(const struct report *r, const char *file, int first, int last)
{
    size_t least = SIZE_MAX;

    for (int line = first; line <= last; line++) {
        const char *code = line_at(r, file, line);
        size_t blanks = strspn(code, " ");

        if (code[blanks] != '\0' && blanks < least)
            least = blanks;
    }
    return least == SIZE_MAX ? 0 : least;
}

static void draw_line(struct report *r, const char *file, int line, size_t indent, double x,
                      double y, double w)
{
    const char *code = line_at(r, file, line);
    bool near = false;
    char text[FONT_TEXT_MAX];
    char fitted[FONT_TEXT_MAX];

    if (is_marked(r, file, line, &near)) {
        scene_rect(r->scene, x, y - 12, w, 16, near ? r->theme->grid : r->theme->bug_tint);
        scene_rect(r->scene, x, y - 12, 3, 16, near ? r->theme->ink2 : r->theme->bug);
    }
    code += strlen(code) < indent ? strlen(code) : indent;
    (void)snprintf(text, sizeof(text), "%4d  %.400s", line, code);
    scene_text(r->scene, FONT_MONO, 10.5, x + 6, y, r->theme->ink,
               font_fit(r->fonts, FONT_MONO, 10.5, text, w - 12, fitted));
}

static double draw_panel(struct report *r, const struct panel *panel, double x, double w)
{
    const char *slash = strrchr(panel->site->file, '/');
    int first = panel->first > 2 ? panel->first - 2 : 1;
    int last = panel->last + 1;
    double height = 26 + 16.0 * (double)(last - first + 1);
    size_t indent = indent_of(r, panel->site->file, first, last);
    bool near = false;
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
    (void)is_marked(r, panel->site->file, panel->first, &near);
    (void)snprintf(text, sizeof(text), "%.80s \xE2\x80\x94 %.80s%s",
                   slash == NULL ? panel->site->file : slash + 1, panel->site->func,
                   near ? ": the last place known before" : "");
    scene_text(r->scene, FONT_BOLD, 11, x + 8, r->y + 18, r->theme->ink,
               font_fit(r->fonts, FONT_BOLD, 11, text, w - 16, fitted));
    for (int line = first; line <= last; line++)
        draw_line(r, panel->site->file, line, indent, x, r->y + 18 + 16.0 * (line - first + 1), w);
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
