/* What stands where on a timeline, by binary search. */
#include "render/timeline.h"

size_t timeline_event_of_step(const struct timeline *timeline, uint32_t step)
{
    const struct trace *trace = timeline->trace;
    size_t low = 0;
    size_t high = trace->event_count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (trace->events[middle].step < step)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

uint32_t timeline_column_of_step(const struct timeline *timeline, uint32_t step)
{
    size_t event = timeline_event_of_step(timeline, step);

    return event < timeline->trace->event_count ? timeline->column_of[event] : 0;
}

const struct sim_event *timeline_event_at(const struct timeline *t, uint32_t column, bool *exact)
{
    size_t low = 0;
    size_t high = t->trace->event_count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (t->column_of[middle] < column)
            low = middle + 1;
        else
            high = middle;
    }
    *exact = low < t->trace->event_count && t->column_of[low] == column;
    return low < t->trace->event_count ? &t->trace->events[low] : NULL;
}

size_t timeline_arrow_at(const struct timeline *timeline, uint32_t column)
{
    size_t low = 0;
    size_t high = timeline->arrow_count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (timeline->arrows[middle].column < column)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}
