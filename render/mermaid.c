#include "render/mermaid.h"

#include <stdlib.h>
#include <string.h>

#include "render/quote.h"
#include "render/story.h"

enum { ARROWS_MOST = 60 };

static const char *name_of(const struct trace *trace, uint32_t id, char out[REGISTRY_NAME_MAX])
{
    return id == 0 ? "nobody" : registry_name(trace->registry, id, out);
}

static void put_title(FILE *out, const struct trace *trace, const char *badge)
{
    char title[TRACE_META_MAX + 64];

    (void)snprintf(title, sizeof(title), "%s in %s", badge, trace->program);
    (void)fputs("---\ntitle: ", out);
    quote_json(out, title); /* a string of YAML, too */
    (void)fputs("\n---\n", out);
}

static void put_waits(FILE *out, const struct trace *trace, const struct sim_finding *f)
{
    uint32_t nodes[2 * FINDING_EDGES_MAX];
    int count = story_nodes(f, nodes);
    char name[REGISTRY_NAME_MAX];

    (void)fputs("flowchart LR\n", out);
    for (int i = 0; i < count; i++) {
        (void)fprintf(out, "    n%u[\"", nodes[i]);
        quote_mermaid(out, name_of(trace, nodes[i], name));
        (void)fputs("\"]\n", out);
    }
    for (int i = 0; i < f->edge_count; i++) {
        (void)fprintf(out, "    n%u -->|\"waits for ", f->edges[i].waiter);
        quote_mermaid(out, name_of(trace, f->edges[i].object, name));
        (void)fprintf(out, "\"| n%u\n", f->edges[i].holder);
    }
}

static void put_participant(FILE *out, const struct trace *trace, uint32_t id)
{
    char name[REGISTRY_NAME_MAX];

    (void)fprintf(out, "    participant n%u as ", id);
    quote_mermaid(out, id == 0 ? "the loop" : name_of(trace, id, name));
    (void)fputc('\n', out);
}

/* Who is declared already. */
struct cast {
    uint32_t ids[2 * FINDING_STEPS_MAX];
    int count;
};

static void put_once(FILE *out, const struct trace *trace, struct cast *cast, uint32_t id)
{
    for (int i = 0; i < cast->count; i++)
        if (cast->ids[i] == id)
            return;
    cast->ids[cast->count++] = id;
    put_participant(out, trace, id);
}

/* Whom the story names: first who does something, then what with. */
static void put_participants(FILE *out, const struct trace *trace, const struct sim_finding *f)
{
    struct cast cast = {.count = 0};

    for (int i = 0; i < f->step_count; i++)
        put_once(out, trace, &cast, f->steps[i].actor);
    for (int i = 0; i < f->step_count; i++)
        if (f->steps[i].object != 0)
            put_once(out, trace, &cast, f->steps[i].object);
}

static void put_sequence(FILE *out, const struct trace *trace, const struct sim_finding *f)
{
    int order[FINDING_STEPS_MAX];
    int count = story_order(f, order);

    (void)fputs("sequenceDiagram\n", out);
    put_participants(out, trace, f);
    for (int i = 0; i < count; i++) {
        const struct finding_step *step = &f->steps[order[i]];
        char place[LABEL_MAX];
        char text[FINDING_TEXT_MAX + LABEL_MAX + 32];

        (void)snprintf(text, sizeof(text), "%d. %s\nstep %u%s", order[i] + 1, step->caption,
                       step->step, story_place(trace, step, place));
        if (step->object == 0 || step->object == step->actor)
            (void)fprintf(out, "    Note over n%u: ", step->actor);
        else
            (void)fprintf(out, "    n%u->>n%u: ", step->actor, step->object);
        quote_mermaid(out, text);
        (void)fputc('\n', out);
    }
    if (count == 0)
        put_participant(out, trace, 0);
    (void)fprintf(out, "    Note over n%u: ", count == 0 ? 0 : f->steps[0].actor);
    quote_mermaid(out, f->sentence);
    (void)fputc('\n', out);
}

/* A run in which nothing was found. */
static bool put_arrows(FILE *out, const struct trace *trace)
{
    struct timeline *t = timeline_new(trace);

    if (t == NULL)
        return false;
    size_t count = t->arrow_count < ARROWS_MOST ? t->arrow_count : ARROWS_MOST;
    uint32_t first = t->lane_count == 0 ? 0 : t->lanes[0].actor;

    (void)fputs("sequenceDiagram\n", out);
    put_participant(out, trace, first);
    for (uint32_t lane = 1; lane < t->lane_count; lane++) {
        bool used = false;

        for (size_t i = 0; i < count && !used; i++)
            used = t->arrows[i].from_lane == lane || t->arrows[i].to_lane == lane;
        if (used)
            put_participant(out, trace, t->lanes[lane].actor);
    }
    for (size_t i = 0; i < count; i++) {
        const struct arrow *arrow = &t->arrows[i];
        bool wake = arrow->kind == ARROW_WAKE;

        (void)fprintf(out, "    n%u%sn%u: %s\n", t->lanes[arrow->from_lane].actor,
                      wake ? "-->>" : "->>", t->lanes[arrow->to_lane].actor,
                      wake ? "wakes" : "starts");
    }
    (void)fprintf(out, "    Note over n%u: nothing was found in this run", first);
    if (count < t->arrow_count)
        (void)fprintf(out, ", and %zu more arrows are left out", t->arrow_count - count);
    (void)fputc('\n', out);
    timeline_free(t);
    return true;
}

bool render_mermaid(const struct trace *trace, const struct render_options *options, FILE *out)
{
    const struct sim_finding *f = story_choose(trace);

    (void)options;
    put_title(out, trace,
              f == NULL ? sim_outcome_words(trace->outcome) : sim_finding_badge(f->kind));
    if (f == NULL)
        return put_arrows(out, trace);
    if (f->edge_count > 0)
        put_waits(out, trace, f);
    else
        put_sequence(out, trace, f);
    return true;
}

static void put_words(FILE *out, const struct trace *trace, const struct sim_finding *f)
{
    (void)fprintf(out, "**%s**: ", sim_finding_badge(f->kind));
    quote_markdown(out, f->sentence);
    (void)fputs("\n\n", out);
    for (int i = 0; i < f->step_count; i++) {
        char place[LABEL_MAX];

        (void)fprintf(out, "%d. ", i + 1);
        quote_markdown(out, f->steps[i].caption);
        quote_markdown(out, story_place(trace, &f->steps[i], place));
        (void)fprintf(out, ", step %u\n", f->steps[i].step);
    }
    if (f->step_count > 0)
        (void)fputc('\n', out);
}

/* A block of code.  Text that would end it early is indented, and so cannot. */
static void put_code(FILE *out, const char *text)
{
    (void)fputs("    ", out);
    quote_line(out, text);
    (void)fputc('\n', out);
}

bool render_markdown(const struct trace *trace, const struct render_options *options, FILE *out)
{
    const struct sim_finding *f = story_choose(trace);
    bool ok = true;

    (void)fputs("### ", out);
    quote_markdown(out, trace->program);
    (void)fputs("\n\n", out);
    for (size_t i = 0; i < trace->finding_count; i++)
        put_words(out, trace, &trace->findings[i]);
    if (f == NULL)
        (void)fputs("Nothing was found in this run.\n\n", out);
    (void)fputs("```mermaid\n", out);
    if (f == NULL)
        ok = put_arrows(out, trace);
    else
        put_sequence(out, trace, f);
    (void)fputs("```\n", out);
    if (f != NULL && f->edge_count > 0) {
        (void)fputs("\n```mermaid\n", out);
        put_waits(out, trace, f);
        (void)fputs("```\n", out);
    }
    if (options->replay != NULL) {
        (void)fputs("\nSee it again:\n\n", out);
        put_code(out, options->replay);
    }
    return ok;
}
