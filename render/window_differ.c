#include "render/window_differ.h"

#include <stdlib.h>
#include <string.h>

/* How far is looked for where two lanes agree again. */
enum { LOOK_AHEAD = 48 };

/* The operations of a run by lane: those of a lane are ops[first[lane]] up to ops[first[lane + 1]].
 */
struct side {
    const struct timeline *timeline;
    uint32_t *first;
    uint32_t *ops;
    uint8_t *differ;
};

static bool side_init(struct side *side, const struct timeline *t)
{
    side->timeline = t;
    side->first = calloc((size_t)t->lane_count + 2, sizeof(*side->first));
    side->ops = malloc((t->op_count + 1) * sizeof(*side->ops));
    side->differ = calloc(t->op_count + 1, 1);
    if (side->first == NULL || side->ops == NULL || side->differ == NULL)
        return false;
    for (size_t i = 0; i < t->op_count; i++)
        side->first[t->ops[i].lane + 1]++;
    for (uint32_t lane = 0; lane < t->lane_count; lane++)
        side->first[lane + 1] += side->first[lane];
    for (uint32_t i = 0; i < t->op_count; i++)
        side->ops[side->first[t->ops[i].lane]++] = i;
    for (uint32_t lane = t->lane_count; lane > 0; lane--)
        side->first[lane] = side->first[lane - 1];
    side->first[0] = 0;
    return true;
}

static const struct sim_event *event_of(const struct side *side, uint32_t at)
{
    return &side->timeline->trace->events[side->timeline->ops[side->ops[at]].event];
}

/* Whether they do the same to the same, whatever the value. */
static bool alike(const struct side *a, uint32_t at_a, const struct side *b, uint32_t at_b)
{
    const struct sim_event *x = event_of(a, at_a);
    const struct sim_event *y = event_of(b, at_b);
    char name_x[REGISTRY_NAME_MAX];
    char name_y[REGISTRY_NAME_MAX];

    if (x->kind != y->kind || (x->object == 0) != (y->object == 0))
        return false;
    if (x->object == 0 || x->object == y->object)
        return true;
    return strcmp(registry_name(a->timeline->trace->registry, x->object, name_x),
                  registry_name(b->timeline->trace->registry, y->object, name_y)) == 0;
}

/* A value means the same in both runs unless it is the number of a text or an object. */
static bool same_value(const struct sim_event *x, const struct sim_event *y)
{
    return x->value == y->value || x->kind == SIM_EV_PRINT || x->kind == SIM_EV_RAISE ||
           x->kind == SIM_EV_CHECK || x->kind == SIM_EV_BLOCK || x->kind == SIM_EV_WAKE;
}

/* From where on they agree again: the nearest such place by the sum of what is left out. */
static bool meet(const struct side *a, uint32_t *at_a, uint32_t end_a, const struct side *b,
                 uint32_t *at_b, uint32_t end_b)
{
    for (uint32_t sum = 1; sum <= LOOK_AHEAD; sum++)
        for (uint32_t in_a = 0; in_a <= sum; in_a++) {
            uint32_t in_b = sum - in_a;

            if (in_a < end_a - *at_a && in_b < end_b - *at_b &&
                alike(a, *at_a + in_a, b, *at_b + in_b)) {
                *at_a += in_a;
                *at_b += in_b;
                return true;
            }
        }
    return false;
}

static void mark(struct side *side, uint32_t from, uint32_t to)
{
    for (uint32_t i = from; i < to; i++)
        side->differ[side->ops[i]] = DIFFER_ONLY;
}

static void compare_lanes(struct side *a, uint32_t lane_a, struct side *b, uint32_t lane_b)
{
    uint32_t at_a = a->first[lane_a];
    uint32_t at_b = b->first[lane_b];
    uint32_t end_a = a->first[lane_a + 1];
    uint32_t end_b = b->first[lane_b + 1];

    while (at_a < end_a && at_b < end_b) {
        uint32_t from_a = at_a;
        uint32_t from_b = at_b;

        if (!alike(a, at_a, b, at_b) && !meet(a, &at_a, end_a, b, &at_b, end_b))
            break;
        mark(a, from_a, at_a);
        mark(b, from_b, at_b);
        if (!same_value(event_of(a, at_a), event_of(b, at_b))) {
            a->differ[a->ops[at_a]] = DIFFER_VALUE;
            b->differ[b->ops[at_b]] = DIFFER_VALUE;
        }
        at_a++;
        at_b++;
    }
    mark(a, at_a, end_a);
    mark(b, at_b, end_b);
}

/* The lane of the other run that has the name of a lane: most often the one with its number. */
static uint32_t lane_like(const struct side *side, uint32_t lane, const struct side *other)
{
    const struct timeline *t = other->timeline;
    char name[REGISTRY_NAME_MAX];
    char other_name[REGISTRY_NAME_MAX];

    (void)registry_name(side->timeline->trace->registry, side->timeline->lanes[lane].actor, name);
    for (uint32_t i = 0; i < t->lane_count; i++) {
        uint32_t at = (lane + i) % t->lane_count;

        if (strcmp(registry_name(t->trace->registry, t->lanes[at].actor, other_name), name) == 0)
            return at;
    }
    return UINT32_MAX;
}

static void compare(struct side *a, struct side *b)
{
    /* Whoever is not found there is alone, and all that he does. */
    mark(b, 0, b->first[b->timeline->lane_count]);
    for (uint32_t lane = 0; lane < a->timeline->lane_count; lane++) {
        uint32_t lane_b = lane_like(a, lane, b);

        if (lane_b == UINT32_MAX) {
            mark(a, a->first[lane], a->first[lane + 1]);
            continue;
        }
        for (uint32_t i = b->first[lane_b]; i < b->first[lane_b + 1]; i++)
            b->differ[b->ops[i]] = DIFFER_NOT;
        compare_lanes(a, lane, b, lane_b);
    }
}

bool differ_find(const struct timeline *a, const struct timeline *b, uint8_t **in_a, uint8_t **in_b)
{
    struct side sides[2] = {{0}};
    bool ok = side_init(&sides[0], a) && side_init(&sides[1], b);

    if (ok)
        compare(&sides[0], &sides[1]);
    for (int i = 0; i < 2; i++) {
        free(sides[i].first);
        free(sides[i].ops);
        if (!ok)
            free(sides[i].differ);
    }
    *in_a = ok ? sides[0].differ : NULL;
    *in_b = ok ? sides[1].differ : NULL;
    return ok;
}
