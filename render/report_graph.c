/* The wait-for graph of a deadlock: who waits for whom, and what for. */
#include <math.h>

#include "render/report.h"

enum { NODES = 6, BOX_HEIGHT = 22, SELF_LOOP = 22, RING = 110, LABEL_LEAST = 70 };

/* A name's width, at most: of two there is room for longer ones. */
enum { NAME_MOST = 92, NAME_MOST_OF_TWO = 105, NAME_PAD = 8 };

struct node {
    double x; /* of its middle */
    double y;
    double half; /* of its width */
    uint32_t id;
    bool thing; /* that is waited for, and that nobody holds */
};

/* At the other end of an edge: who holds what is waited for; the thing itself if nobody does. */
static uint32_t target_of(const struct finding_edge *edge)
{
    return edge->holder != 0 ? edge->holder : edge->object;
}

/* The nodes of the graph: waiters and holders, each once. */
static int collect(const struct sim_finding *f, struct node nodes[NODES])
{
    int count = 0;

    for (int i = 0; i < 2 * f->edge_count; i++) {
        const struct finding_edge *edge = &f->edges[i / 2];
        uint32_t id = i % 2 == 0 ? edge->waiter : target_of(edge);
        bool known = id == 0;

        for (int k = 0; k < count; k++)
            known |= nodes[k].id == id;
        if (!known && count < NODES)
            nodes[count++] = (struct node){.id = id, .thing = i % 2 == 1 && edge->holder == 0};
    }
    return count;
}

static const struct node *find(const struct node *nodes, int count, uint32_t id)
{
    for (int i = 0; i < count; i++)
        if (nodes[i].id == id)
            return &nodes[i];
    return NULL;
}

/* The name of a node, no longer than there is room for. */
static const char *name_of(const struct report *r, const struct node *node, int count,
                           char fitted[FONT_TEXT_MAX])
{
    char name[REGISTRY_NAME_MAX];

    return font_fit(r->fonts, FONT_BOLD, 11, registry_name(r->trace->registry, node->id, name),
                    count == 2 ? NAME_MOST_OF_TWO : NAME_MOST, fitted);
}

/* In a ring; two beside each other, as far apart as they can; one alone. */
static void place(struct report *r, struct node *nodes, int count, double cx, double cy)
{
    char fitted[FONT_TEXT_MAX];

    for (int i = 0; i < count; i++) {
        double angle = count == 2 ? 3.14159265 * (1 - i)
                                  : -1.57079633 + 6.28318531 * (double)i / (double)count;

        nodes[i].half =
            NAME_PAD +
            font_width(r->fonts, FONT_BOLD, 11, name_of(r, &nodes[i], count, fitted)) / 2;
        double most = REPORT_GRAPH_WIDTH / 2.0 - nodes[i].half;
        double aside = count == 1 ? 0 : RING * cos(angle);

        nodes[i].x = cx + (fabs(aside) > most ? copysign(most, aside) : aside);
        nodes[i].y = cy + (count == 1 ? 0 : (count > 3 ? 74 : 56) * sin(angle));
    }
}

static void label(struct report *r, double x, double y, double room, const char *text)
{
    char fitted[FONT_TEXT_MAX];

    (void)font_fit(r->fonts, FONT_SANS, 10, text, room < LABEL_LEAST ? LABEL_LEAST : room, fitted);
    double w = font_width(r->fonts, FONT_SANS, 10, fitted);

    scene_rect(r->scene, x - w / 2 - 2, y - 7, w + 4, 13, r->theme->background);
    scene_text(r->scene, FONT_SANS, 10, x - w / 2, y + 3.6, r->theme->ink, fitted);
}

/* Who waits for himself: out of his box and back into it, from below. */
static void self_edge(struct report *r, const struct node *node, const char *text)
{
    double x = node->half * 0.6;
    double bottom = node->y + BOX_HEIGHT / 2.0;

    scene_line(r->scene, node->x + x, bottom, node->x + x, bottom + SELF_LOOP, 2, r->theme->bug,
               false);
    scene_line(r->scene, node->x + x, bottom + SELF_LOOP, node->x - x, bottom + SELF_LOOP, 2,
               r->theme->bug, false);
    scene_add(r->scene,
              (struct shape){.kind = SHAPE_ARROW,
                             .x = node->x - x,
                             .y = bottom + SELF_LOOP,
                             .h = 2 - SELF_LOOP,
                             .edge = r->theme->bug,
                             .edge_width = 2},
              NULL);
    label(r, node->x, bottom + SELF_LOOP + 12, REPORT_GRAPH_WIDTH - 20, text);
}

/* How far a line in a direction runs inside a box. */
static double inside(const struct node *node, double dx, double dy)
{
    double across = fabs(dx) < 0.01 ? 1000 : node->half / fabs(dx);
    double down = fabs(dy) < 0.01 ? 1000 : BOX_HEIGHT / 2.0 / fabs(dy);

    return (across < down ? across : down) + 4;
}

static void edge(struct report *r, const struct node *from, const struct node *to, bool both,
                 const char *text)
{
    double dx = to->x - from->x;
    double dy = to->y - from->y;
    double length = sqrt(dx * dx + dy * dy);

    if (from == to || length < 1) {
        self_edge(r, from, text);
        return;
    }
    dx /= length;
    dy /= length;
    /* A waits for B and B for A: two lines beside each other, with their labels outside. */
    double aside = both ? 9 : 0;
    double first = inside(from, dx, dy);
    double last = length - inside(to, dx, dy);

    scene_add(r->scene,
              (struct shape){.kind = SHAPE_ARROW,
                             .x = from->x + dx * first - dy * aside,
                             .y = from->y + dy * first + dx * aside,
                             .w = dx * (last - first),
                             .h = dy * (last - first),
                             .edge = r->theme->bug,
                             .edge_width = 2},
              NULL);
    double x = from->x + dx * (first + last) / 2;
    double y = from->y + dy * (first + last) / 2;

    /* On the line where there is room; below it where boxes stand close to each other. */
    if (both)
        label(r, x - dy * (aside + 10), y + dx * (aside + 10), last - first, text);
    else
        label(r, x, fabs(dy) < 0.4 && last - first < 60 ? y + BOX_HEIGHT : y,
              fabs(dy) < 0.4 ? last - first - 24 : 0, text);
}

static bool is_mutual(const struct sim_finding *f, int index)
{
    for (int i = 0; i < f->edge_count; i++)
        if (f->edges[i].waiter == f->edges[index].holder &&
            f->edges[i].holder == f->edges[index].waiter)
            return true;
    return false;
}

static void box(struct report *r, const struct node *node, int count)
{
    char fitted[FONT_TEXT_MAX];

    scene_add(r->scene,
              (struct shape){.kind = SHAPE_RECT,
                             .x = node->x - node->half,
                             .y = node->y - BOX_HEIGHT / 2.0,
                             .w = 2 * node->half,
                             .h = BOX_HEIGHT,
                             .radius = 4,
                             .fill = r->theme->background,
                             .edge = node->thing ? r->theme->ink2 : r->theme->bug,
                             .edge_width = 1.5,
                             .dashed = node->thing},
              NULL);
    scene_text(r->scene, FONT_BOLD, 11, node->x - node->half + NAME_PAD, node->y + 4, r->theme->ink,
               name_of(r, node, count, fitted));
}

double report_graph(struct report *r, double top)
{
    const struct sim_finding *f = r->finding;
    struct node nodes[NODES];
    int count = collect(f, nodes);
    double height = count == 1 ? 84 : count == 2 ? 92 : count > 3 ? 184 : 140;
    char name[REGISTRY_NAME_MAX];

    scene_text(r->scene, FONT_SANS, 10, r->width - MARGIN - REPORT_GRAPH_WIDTH, top + 2,
               r->theme->ink2, "wait-for graph");
    place(r, nodes, count, r->width - MARGIN - REPORT_GRAPH_WIDTH / 2.0,
          top + (count == 1   ? 26
                 : count == 2 ? 44
                 : count > 3  ? 90
                              : 72));
    for (int i = 0; i < f->edge_count; i++) {
        const struct node *from = find(nodes, count, f->edges[i].waiter);
        const struct node *to = find(nodes, count, target_of(&f->edges[i]));
        bool held = f->edges[i].holder != 0;

        if (from != NULL && to != NULL)
            edge(r, from, to, is_mutual(f, i),
                 held ? registry_name(r->trace->registry, f->edges[i].object, name) : "waits for");
    }
    for (int i = 0; i < count; i++)
        box(r, &nodes[i], count);
    return top + height;
}
