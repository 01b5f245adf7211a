/* The head of a report: badge, sentence, identity, story. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "render/report.h"
#include "render/story.h"

static void write_line(struct report *r, const struct paragraph *where, int line, const char *text)
{
    scene_text(r->scene, where->face, where->size, where->x, where->y + where->step * line,
               where->colour, text);
}

/* Of text that is left, the first piece that stands in one line: a word, or what equals what.  NULL
 * if none is left. */
static char *next_piece(char **left)
{
    char *piece = *left + strspn(*left, " ");
    char *end = piece + strcspn(piece, " ");

    while (strncmp(end, " = ", 3) == 0)
        end += 3 + strcspn(end + 3, " ");
    *left = *end == '\0' ? end : end + 1;
    *end = '\0';
    return *piece == '\0' ? NULL : piece;
}

int report_wrap(struct report *r, const struct paragraph *where, const char *text)
{
    char line[FONT_TEXT_MAX] = "";
    char clean[FONT_TEXT_MAX];
    char *left = clean;
    int count = 0;

    (void)font_clean(text, clean);
    for (char *piece = next_piece(&left); piece != NULL; piece = next_piece(&left)) {
        char longer[FONT_TEXT_MAX + 8];

        (void)snprintf(longer, sizeof(longer), "%s%s%s", line, line[0] != '\0' ? " " : "", piece);
        if (font_width(r->fonts, where->face, where->size, longer) > where->width &&
            line[0] != '\0' && count + 1 < where->lines) {
            write_line(r, where, count++, line);
            (void)snprintf(line, sizeof(line), "%.500s", piece);
        } else {
            (void)snprintf(line, sizeof(line), "%.500s", longer);
        }
    }
    write_line(r, where, count,
               font_fit(r->fonts, where->face, where->size, line, where->width, clean));
    return count + 1;
}

const char *report_badge(const struct report *r)
{
    return r->finding != NULL                          ? sim_finding_badge(r->finding->kind)
           : r->trace->outcome == SIM_OUTCOME_FINISHED ? "FINISHED"
                                                       : "ENDED";
}

const char *report_sentence(const struct report *r)
{
    return r->finding != NULL ? r->finding->sentence : "Nothing was found in this run.";
}

static void badge(struct report *r)
{
    const struct theme *theme = r->theme;
    const char *text = report_badge(r);
    uint32_t fill = r->finding != NULL ? theme->bug : theme->calm;
    uint32_t ink = r->finding != NULL ? theme->bug_text : theme->background;
    double w = font_width(r->fonts, FONT_BOLD, 13, text) + 20;
    char title[FINDING_TEXT_MAX + 64];

    scene_add(
        r->scene,
        (struct shape){
            .kind = SHAPE_RECT, .x = MARGIN, .y = r->y, .w = w, .h = 24, .radius = 4, .fill = fill},
        NULL);
    scene_text(r->scene, FONT_BOLD, 13, MARGIN + 10, r->y + 17, ink, text);
    (void)snprintf(title, sizeof(title), "%s", report_sentence(r));
    int lines = report_wrap(r,
                            &(struct paragraph){.face = FONT_BOLD,
                                                .size = 14,
                                                .x = MARGIN + w + 12,
                                                .y = r->y + 17,
                                                .step = 19,
                                                .width = r->width - 2 * MARGIN - w - 12,
                                                .lines = 3,
                                                .colour = theme->ink},
                            title);

    r->scene->title = strdup(title);
    r->y += 24 + 19 * (lines - 1) + 18;
}

/* "3 tasks, 1 thread". */
static const char *count_actors(const struct report *r, char out[LABEL_MAX])
{
    uint32_t tasks = 0;

    for (uint32_t i = 0; i < r->timeline->lane_count; i++) {
        const struct sim_object *object =
            registry_object(r->trace->registry, r->timeline->lanes[i].actor);

        tasks += object != NULL && object->kind == SIM_OBJ_TASK;
    }
    uint32_t threads = r->timeline->lane_count - tasks;
    char some[32] = "";

    if (tasks > 0 || threads == 0)
        (void)snprintf(some, sizeof(some), "%u task%s%s", tasks, tasks == 1 ? "" : "s",
                       threads > 0 ? ", " : "");
    if (threads > 0)
        (void)snprintf(out, LABEL_MAX, "%s%u thread%s", some, threads, threads == 1 ? "" : "s");
    else
        (void)snprintf(out, LABEL_MAX, "%s", some);
    return out;
}

char *report_identity(const struct report *r, const char *dot, char out[REPORT_IDENTITY_MAX])
{
    const struct trace *trace = r->trace;
    const struct sim_event *last =
        trace->event_count == 0 ? NULL : &trace->events[trace->event_count - 1];
    char time[LABEL_MAX];
    char actors[LABEL_MAX];

    (void)snprintf(
        out, REPORT_IDENTITY_MAX, "%s%s%s %s %s %s %s %s %s after step %u, %s %s trace %08x",
        trace->program, trace->params[0] != '\0' ? " " : "", trace->params, dot, trace->policy, dot,
        count_actors(r, actors), dot, sim_outcome_words(trace->outcome),
        last == NULL ? 0 : last->step, timeline_time(last == NULL ? 0 : last->time_ns, time), dot,
        (unsigned)(trace_hash(trace) >> 32));
    return out;
}

static void identity(struct report *r)
{
    char text[REPORT_IDENTITY_MAX];
    char fitted[FONT_TEXT_MAX];

    (void)report_identity(r, "\xC2\xB7", text);
    scene_text(r->scene, FONT_MONO, 10, MARGIN, r->y, r->theme->ink2,
               font_fit(r->fonts, FONT_MONO, 10, text, r->width - 2 * MARGIN, fitted));
    r->y += 14;
}

static void story(struct report *r, double width)
{
    for (int i = 0; r->finding != NULL && i < r->finding->step_count; i++) {
        const struct finding_step *step = &r->finding->steps[i];
        char text[FINDING_TEXT_MAX + LABEL_MAX];
        char place[LABEL_MAX];

        (void)snprintf(text, sizeof(text), "%s%s", step->caption,
                       story_place(r->trace, step, place));
        report_disc(r, MARGIN + 8, r->y + 8, i + 1);
        int lines = report_wrap(r,
                                &(struct paragraph){.face = FONT_SANS,
                                                    .size = 12,
                                                    .x = MARGIN + 24,
                                                    .y = r->y + 12,
                                                    .step = 16,
                                                    .width = width - 24,
                                                    .lines = 2,
                                                    .colour = r->theme->ink},
                                text);

        r->y += 21 + 16 * (lines - 1);
    }
    for (size_t i = 1; i < r->trace->finding_count && i < 4; i++) {
        char text[FINDING_TEXT_MAX + 64];

        (void)snprintf(text, sizeof(text), "Also %s: %s",
                       sim_finding_badge(r->trace->findings[i].kind),
                       r->trace->findings[i].sentence);
        int lines = report_wrap(r,
                                &(struct paragraph){.face = FONT_SANS,
                                                    .size = 11,
                                                    .x = MARGIN,
                                                    .y = r->y + 12,
                                                    .step = 15,
                                                    .width = width,
                                                    .lines = 2,
                                                    .colour = r->theme->ink2},
                                text);

        r->y += 19 + 15 * (lines - 1);
    }
    report_explored_lines(r, width);
}

/* The story in words, for those who do not see the picture. */
static void describe(struct report *r)
{
    size_t size = 0;
    FILE *out = open_memstream(&r->scene->description, &size);

    if (out == NULL) {
        r->scene->out_of_memory = true;
        return;
    }
    (void)fprintf(out, "%s: %s", r->trace->program, r->scene->title == NULL ? "" : r->scene->title);
    for (int i = 0; r->finding != NULL && i < r->finding->step_count; i++)
        (void)fprintf(out, " %d. %s (step %u).", i + 1, r->finding->steps[i].caption,
                      r->finding->steps[i].step);
    if (r->options->replay != NULL)
        (void)fprintf(out, " Replay: %s", r->options->replay);
    r->scene->out_of_memory |= fclose(out) != 0;
}

void report_head(struct report *r)
{
    bool graph = r->finding != NULL && r->finding->edge_count > 0;

    badge(r);
    identity(r);
    r->y += 8;
    double top = r->y;

    story(r, r->width - 2 * MARGIN - (graph ? REPORT_GRAPH_WIDTH + 20 : 0));
    if (graph) {
        double bottom = report_graph(r, top);

        if (r->y < bottom)
            r->y = bottom;
    }
    describe(r);
    r->y += 8;
}
