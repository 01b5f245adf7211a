#include "render/dot.h"

#include <stdlib.h>
#include <string.h>

#include "render/quote.h"
#include "render/story.h"

struct dot {
    const struct trace *trace;
    const struct theme *theme;
    FILE *out;
};

static const char *name_of(const struct dot *d, uint32_t id, char out[REGISTRY_NAME_MAX])
{
    return id == 0 ? "nobody" : registry_name(d->trace->registry, id, out);
}

/* Text with some of its blanks made newlines, so that no line is much longer than width. */
static void put_wrapped(const struct dot *d, const char *text, int width)
{
    char lines[FINDING_TEXT_MAX + LABEL_MAX + 64];
    int length = 0;

    (void)snprintf(lines, sizeof(lines), "%s", text);
    for (char *at = lines; *at != '\0'; at++) {
        if (*at == ' ' && length >= width)
            *at = '\n';
        length = *at == '\n' ? 0 : length + 1;
    }
    quote_dot(d->out, lines);
}

static void begin(const struct dot *d, const char *badge, const char *sentence)
{
    const struct theme *t = d->theme;
    char text[FINDING_TEXT_MAX + 64];

    (void)snprintf(text, sizeof(text), "%s: %s", badge, sentence);
    (void)fputs("digraph ", d->out);
    quote_dot(d->out, d->trace->program);
    (void)fputs(" {\n  graph [label=", d->out);
    put_wrapped(d, text, 72);
    (void)fprintf(d->out,
                  ", labelloc=t, bgcolor=\"#%06X\", fontcolor=\"#%06X\", fontname=\"DejaVu "
                  "Sans\", fontsize=12]\n",
                  (unsigned)t->background, (unsigned)t->ink);
    (void)fprintf(d->out,
                  "  node [shape=box, style=rounded, color=\"#%06X\", fontcolor=\"#%06X\", "
                  "fontname=\"DejaVu Sans\", fontsize=11]\n",
                  (unsigned)t->ink2, (unsigned)t->ink);
    (void)fprintf(d->out,
                  "  edge [color=\"#%06X\", fontcolor=\"#%06X\", fontname=\"DejaVu Sans\", "
                  "fontsize=10]\n",
                  (unsigned)t->ink2, (unsigned)t->ink);
}

static void put_actor(const struct dot *d, uint32_t id)
{
    char name[REGISTRY_NAME_MAX];

    (void)fprintf(d->out, "  n%u [label=", id);
    quote_dot(d->out, name_of(d, id, name));
    (void)fprintf(d->out, "%s]\n", id == 0 ? ", style=\"rounded,dashed\"" : "");
}

static void put_waits(const struct dot *d, const struct sim_finding *f)
{
    uint32_t nodes[2 * FINDING_EDGES_MAX];
    int count = story_nodes(f, nodes);
    char name[REGISTRY_NAME_MAX];
    char text[REGISTRY_NAME_MAX + 16];

    (void)fputs("  rankdir=LR\n", d->out);
    for (int i = 0; i < count; i++)
        put_actor(d, nodes[i]);
    for (int i = 0; i < f->edge_count; i++) {
        const struct finding_edge *edge = &f->edges[i];

        (void)fprintf(d->out, "  n%u -> n%u [label=", edge->waiter, edge->holder);
        (void)snprintf(text, sizeof(text), "waits for\n%s", name_of(d, edge->object, name));
        quote_dot(d->out, text);
        (void)fprintf(d->out, ", color=\"#%06X\", penwidth=2]\n", (unsigned)d->theme->bug);
    }
}

static void put_step(const struct dot *d, const struct sim_finding *f, int index)
{
    const struct finding_step *step = &f->steps[index];
    char place[LABEL_MAX];
    char text[FINDING_TEXT_MAX + LABEL_MAX + 32];

    (void)snprintf(text, sizeof(text), "%d. %s\nstep %u%s", index + 1, step->caption, step->step,
                   story_place(d->trace, step, place));
    (void)fprintf(d->out, "    s%d [label=", index + 1);
    put_wrapped(d, text, 32);
    (void)fputs("]\n", d->out);
}

/* The steps of each actor stand in a box of their own. */
static void put_steps(const struct dot *d, const struct sim_finding *f)
{
    char name[REGISTRY_NAME_MAX];

    for (int i = 0; i < f->step_count; i++) {
        bool first = true;

        for (int k = 0; k < i; k++)
            first &= f->steps[k].actor != f->steps[i].actor;
        if (!first)
            continue;
        (void)fprintf(d->out, "  subgraph cluster_%u {\n    label=", f->steps[i].actor);
        quote_dot(d->out,
                  f->steps[i].actor == 0 ? "the loop" : name_of(d, f->steps[i].actor, name));
        (void)fprintf(d->out, "\n    color=\"#%06X\"\n", (unsigned)d->theme->grid);
        for (int k = i; k < f->step_count; k++)
            if (f->steps[k].actor == f->steps[i].actor)
                put_step(d, f, k);
        (void)fputs("  }\n", d->out);
    }
}

/* Solid: had to come first.  Dashed: came first in this run, and nothing that is known made it. */
static bool put_causes(const struct dot *d, const struct sim_finding *f)
{
    story_set before[FINDING_STEPS_MAX];
    int order[FINDING_STEPS_MAX];
    int count = story_order(f, order);

    if (!story_causes(d->trace, f, before))
        return false;
    for (int i = 0; i < f->step_count; i++)
        for (int k = 0; k < f->step_count; k++)
            if ((story_nearest(before, i) >> k & 1) != 0)
                (void)fprintf(d->out, "  s%d -> s%d [label=\"happens before\"]\n", k + 1, i + 1);
    for (int i = 1; i < count; i++)
        if ((before[order[i]] >> order[i - 1] & 1) == 0)
            (void)fprintf(d->out,
                          "  s%d -> s%d [style=dashed, color=\"#%06X\", label=\"later in "
                          "this run\"]\n",
                          order[i - 1] + 1, order[i] + 1, (unsigned)d->theme->bug);
    return true;
}

static int compare_arrows(const void *left, const void *right)
{
    const struct arrow *a = left;
    const struct arrow *b = right;

    if (a->from_lane != b->from_lane)
        return a->from_lane < b->from_lane ? -1 : 1;
    if (a->to_lane != b->to_lane)
        return a->to_lane < b->to_lane ? -1 : 1;
    return a->kind < b->kind ? -1 : a->kind > b->kind;
}

/* Who started and woke whom, and how often. */
static bool put_arrows(const struct dot *d)
{
    struct timeline *t = timeline_new(d->trace);

    if (t == NULL)
        return false;
    for (uint32_t i = 0; i < t->lane_count; i++)
        put_actor(d, t->lanes[i].actor);
    if (t->arrow_count > 0)
        qsort(t->arrows, t->arrow_count, sizeof(t->arrows[0]), compare_arrows);
    for (size_t i = 0, next = 0; i < t->arrow_count; i = next) {
        const struct arrow *arrow = &t->arrows[i];

        while (next < t->arrow_count && compare_arrows(arrow, &t->arrows[next]) == 0)
            next++;
        (void)fprintf(d->out, "  n%u -> n%u [label=\"%s", t->lanes[arrow->from_lane].actor,
                      t->lanes[arrow->to_lane].actor,
                      arrow->kind == ARROW_WAKE ? "wakes" : "starts");
        if (next - i > 1)
            (void)fprintf(d->out, " %zu times", next - i);
        (void)fprintf(d->out, "\"%s]\n", arrow->kind == ARROW_WAKE ? ", style=dashed" : "");
    }
    timeline_free(t);
    return true;
}

bool render_dot(const struct trace *trace, const struct render_options *options, FILE *out)
{
    const struct dot d = {.trace = trace, .theme = theme_of(options->theme), .out = out};
    const struct sim_finding *f = story_choose(trace);
    bool ok = true;

    if (f == NULL) {
        begin(&d, sim_outcome_words(trace->outcome), "nothing was found in this run");
        ok = put_arrows(&d);
    } else if (f->edge_count > 0) {
        begin(&d, sim_finding_badge(f->kind), f->sentence);
        put_waits(&d, f);
    } else {
        begin(&d, sim_finding_badge(f->kind), f->sentence);
        put_steps(&d, f);
        ok = put_causes(&d, f);
    }
    (void)fputs("}\n", out);
    return ok;
}
