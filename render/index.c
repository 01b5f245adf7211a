#include "render/index.h"

#include <stdlib.h>

/* Where each lane's part of a list begins, from how many each has: counts[lane + 1] before. */
static void add_up(uint32_t *counts, uint32_t lanes)
{
    for (uint32_t lane = 0; lane < lanes; lane++)
        counts[lane + 1] += counts[lane];
}

/* Put in their places, the beginnings have moved on by a lane each. */
static void move_back(uint32_t *first, uint32_t lanes)
{
    for (uint32_t lane = lanes; lane > 0; lane--)
        first[lane] = first[lane - 1];
    first[0] = 0;
}

static bool sort_events(struct index *index)
{
    const struct timeline *t = index->timeline;
    const struct trace *trace = t->trace;

    index->event_first = calloc((size_t)t->lane_count + 2, sizeof(*index->event_first));
    index->events = malloc((trace->event_count + 1) * sizeof(*index->events));
    if (index->event_first == NULL || index->events == NULL)
        return false;
    for (size_t i = 0; i < trace->event_count; i++) {
        uint32_t lane = timeline_lane(t, trace->events[i].actor);

        if (lane != UINT32_MAX)
            index->event_first[lane + 1]++;
    }
    add_up(index->event_first, t->lane_count);
    for (uint32_t i = 0; i < trace->event_count; i++) {
        uint32_t lane = timeline_lane(t, trace->events[i].actor);

        if (lane != UINT32_MAX)
            index->events[index->event_first[lane]++] = i;
    }
    move_back(index->event_first, t->lane_count);
    return true;
}

static bool sort_arrows(struct index *index)
{
    const struct timeline *t = index->timeline;

    index->arrow_first = calloc((size_t)t->lane_count + 2, sizeof(*index->arrow_first));
    index->arrows = malloc((t->arrow_count + 1) * sizeof(*index->arrows));
    if (index->arrow_first == NULL || index->arrows == NULL)
        return false;
    for (size_t i = 0; i < t->arrow_count; i++)
        index->arrow_first[t->arrows[i].to_lane + 1]++;
    add_up(index->arrow_first, t->lane_count);
    for (uint32_t i = 0; i < t->arrow_count; i++)
        index->arrows[index->arrow_first[t->arrows[i].to_lane]++] = i;
    move_back(index->arrow_first, t->lane_count);
    return true;
}

static bool sort_holds(struct index *index)
{
    const struct timeline *t = index->timeline;

    index->hold_first = calloc((size_t)t->lane_count + 2, sizeof(*index->hold_first));
    index->hold_until = malloc((t->hold_count + 1) * sizeof(*index->hold_until));
    if (index->hold_first == NULL || index->hold_until == NULL)
        return false;
    for (size_t i = 0; i < t->hold_count; i++) {
        bool first = i == 0 || t->holds[i - 1].lane != t->holds[i].lane;
        uint32_t before = first ? 0 : index->hold_until[i - 1];

        index->hold_first[t->holds[i].lane + 1]++;
        index->hold_until[i] = t->holds[i].to > before ? t->holds[i].to : before;
    }
    add_up(index->hold_first, t->lane_count);
    return true;
}

static bool sum_spans(struct index *index)
{
    const struct timeline *t = index->timeline;

    index->blocks = calloc(t->span_count / INDEX_BLOCK + 1, 1);
    index->regions = calloc(t->span_count / INDEX_BLOCK / INDEX_BLOCK + 1, 1);
    if (index->blocks == NULL || index->regions == NULL)
        return false;
    for (size_t i = 0; i < t->span_count; i++)
        index->blocks[i / INDEX_BLOCK] |= (uint8_t)(1U << t->spans[i].state);
    for (size_t i = 0; i <= t->span_count / INDEX_BLOCK; i++)
        index->regions[i / INDEX_BLOCK] |= index->blocks[i];
    return true;
}

/* A span's share of the places that it touches: of all between the first and the last, by what
 * changes from place to place. */
static void spread(const struct index *index, const struct span *span, double *change)
{
    double scale = (double)index->places / index->timeline->columns;
    double from = span->from * scale;
    double to = span->to * scale;
    size_t first = (size_t)from;
    size_t last = (size_t)to;

    if (first == last) {
        change[first * LANE_STATE_COUNT + span->state] += to - from;
        change[(first + 1) * LANE_STATE_COUNT + span->state] -= to - from;
        return;
    }
    double head = (double)first + 1 - from;
    double tail = to - (double)last;

    change[first * LANE_STATE_COUNT + span->state] += head;
    change[(first + 1) * LANE_STATE_COUNT + span->state] += 1 - head;
    change[last * LANE_STATE_COUNT + span->state] += tail - 1;
    change[(last + 1) * LANE_STATE_COUNT + span->state] -= tail;
}

static bool measure(struct index *index)
{
    const struct timeline *t = index->timeline;
    const struct trace *trace = t->trace;
    uint32_t places = t->columns < INDEX_PLACES_MOST ? t->columns : INDEX_PLACES_MOST;

    index->places = places == 0 ? 1 : places;
    size_t count = ((size_t)index->places + 2) * LANE_STATE_COUNT;
    double *change = calloc(count, sizeof(*change));

    index->density = calloc(count, sizeof(*index->density));
    index->found = calloc(index->places, 1);
    bool ok = change != NULL && index->density != NULL && index->found != NULL;

    for (size_t i = 0; ok && i < t->span_count; i++)
        spread(index, &t->spans[i], change);
    for (size_t i = 0; ok && i < count; i++) {
        change[i] += i < LANE_STATE_COUNT ? 0 : change[i - LANE_STATE_COUNT];
        index->density[i] = (float)(change[i] / t->lane_count);
    }
    for (size_t i = 0; ok && i < trace->finding_count; i++)
        for (int step = 0; step < trace->findings[i].step_count; step++) {
            uint64_t column = timeline_column_of_step(t, trace->findings[i].steps[step].step);

            if (column < t->columns)
                index->found[column * index->places / t->columns] = 1;
        }
    free(change);
    return ok;
}

struct index *index_new(const struct timeline *timeline)
{
    struct index *index = calloc(1, sizeof(*index));

    if (index == NULL)
        return NULL;
    index->timeline = timeline;
    if (sort_events(index) && sort_arrows(index) && sort_holds(index) && sum_spans(index) &&
        measure(index))
        return index;
    index_free(index);
    return NULL;
}

void index_free(struct index *index)
{
    if (index == NULL)
        return;
    free(index->event_first);
    free(index->events);
    free(index->arrow_first);
    free(index->arrows);
    free(index->hold_first);
    free(index->hold_until);
    free(index->blocks);
    free(index->regions);
    free(index->density);
    free(index->found);
    free(index);
}
