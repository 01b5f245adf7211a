/* What an index is asked. */
#include "render/index.h"

/* The first of the sorted numbers from low up to high that is above a limit; high if none is. */
static uint32_t above(const uint32_t *sorted, uint32_t low, uint32_t high, uint64_t limit)
{
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;

        if (sorted[middle] <= limit)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

size_t index_event_at(const struct index *index, uint32_t lane, uint32_t column)
{
    const uint32_t *column_of = index->timeline->column_of;
    uint32_t first = index->event_first[lane];
    uint32_t low = first;
    uint32_t high = index->event_first[lane + 1];

    if (low == high)
        return SIZE_MAX;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;

        if (column_of[index->events[middle]] <= column)
            low = middle + 1;
        else
            high = middle;
    }
    return index->events[low == first ? first : low - 1];
}

size_t index_event_beside(const struct index *index, uint32_t lane, size_t event, int direction)
{
    uint32_t first = index->event_first[lane];
    uint32_t end = index->event_first[lane + 1];
    uint32_t at = above(index->events, first, end, event);

    if (direction > 0)
        return at < end ? index->events[at] : SIZE_MAX;
    /* at is behind the event itself, if it is one of the lane's. */
    at -= at > first && index->events[at - 1] == event;
    return at > first ? index->events[at - 1] : SIZE_MAX;
}

const struct arrow *index_arrow_to(const struct index *index, uint32_t lane, uint32_t column)
{
    const struct arrow *arrows = index->timeline->arrows;
    uint32_t first = index->arrow_first[lane];
    uint32_t low = first;
    uint32_t high = index->arrow_first[lane + 1];

    while (low < high) {
        uint32_t middle = low + (high - low) / 2;

        if (arrows[index->arrows[middle]].column <= column)
            low = middle + 1;
        else
            high = middle;
    }
    return low == first ? NULL : &arrows[index->arrows[low - 1]];
}

const struct arrow *index_arrow_from(const struct index *index, uint32_t lane, uint32_t column)
{
    const struct timeline *t = index->timeline;

    for (size_t i = timeline_arrow_at(t, column); i < t->arrow_count; i++)
        if (t->arrows[i].from_lane == lane)
            return &t->arrows[i];
    return NULL;
}

size_t index_hold(const struct index *index, uint32_t lane, uint32_t column, size_t *end)
{
    *end = index->hold_first[lane + 1];
    return above(index->hold_until, index->hold_first[lane], (uint32_t)*end, column);
}

uint32_t index_span(const struct index *index, uint32_t lane, uint32_t from, double column)
{
    const struct timeline *t = index->timeline;
    uint32_t end = t->lanes[lane].first_span + t->lanes[lane].span_count;
    uint32_t low = from;
    uint32_t stride = 1;

    /* The next one is most often near. */
    while (low + stride < end && (double)t->spans[low + stride].to <= column) {
        low += stride;
        stride *= 2;
    }
    uint32_t high = low + stride < end ? low + stride : end;

    while (low < high) {
        uint32_t middle = low + (high - low) / 2;

        if ((double)t->spans[middle].to <= column)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

unsigned index_states(const struct index *index, uint32_t first, uint32_t last)
{
    const struct span *spans = index->timeline->spans;
    const uint32_t region = INDEX_BLOCK * INDEX_BLOCK;
    unsigned states = 0;
    uint32_t i = first;

    while (i < last) {
        if (i % region == 0 && i + region <= last) {
            states |= index->regions[i / region];
            i += region;
        } else if (i % INDEX_BLOCK == 0 && i + INDEX_BLOCK <= last) {
            states |= index->blocks[i / INDEX_BLOCK];
            i += INDEX_BLOCK;
        } else {
            states |= 1U << spans[i++].state;
        }
    }
    return states;
}
