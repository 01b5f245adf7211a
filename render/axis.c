#include "render/axis.h"

#include <stdlib.h>
#include <string.h>

#include "render/explored.h"

enum {
    COLUMN_MIN = 9,
    COLUMN_BRIEF = 30,
    KEY_LEAST = 110,
    LABEL_WIDEST = 150,
    CONTEXT_MOST = 8,
    WHOLE_MOST = 92,
    AROUND_MOST = 56,
    EXPLORED_MOST = 4
};

static void show(struct axis *axis, uint32_t column)
{
    int at = axis_slot(axis, column);

    if (axis->count == AXIS_SLOTS_MAX || (at < axis->count && axis->slots[at].column == column))
        return;
    memmove(&axis->slots[at + 1], &axis->slots[at],
            (size_t)(axis->count - at) * sizeof(axis->slots[0]));
    axis->slots[at] = (struct slot){.column = column, .wanted = COLUMN_MIN};
    axis->count++;
}

static void show_around(struct axis *axis, uint32_t column, uint32_t context)
{
    uint32_t from = column > context ? column - context : 1;

    if (from < axis->from)
        from = axis->from;
    for (uint32_t c = from; c <= column + context && c < axis->until; c++)
        show(axis, c);
}

/* Whether a step of the story is within what may be shown; its column, too. */
static bool may_show(const struct axis *axis, const struct timeline *timeline,
                     const struct finding_step *step, uint32_t *column)
{
    *column = timeline_column_of_step(timeline, step->step);
    return *column >= axis->from && *column < axis->until;
}

/* What was tried belongs to the story, too: the last few such events. */
static void show_explored(struct axis *axis, const struct timeline *timeline)
{
    const struct trace *trace = timeline->trace;
    int left = EXPLORED_MOST;

    for (size_t i = trace->event_count; i-- > 0 && left > 0;) {
        uint32_t column = timeline->column_of[i];

        if (explored_kind(&trace->events[i]) == EXPLORED_NOTHING || column < axis->from ||
            column >= axis->until)
            continue;
        show_around(axis, column, 1);
        left--;
    }
}

static void show_finding(struct axis *axis, const struct timeline *timeline,
                         const struct sim_finding *finding, uint32_t context)
{
    uint32_t column = 0;

    axis->count = 0;
    for (int i = 0; i < finding->step_count; i++)
        if (may_show(axis, timeline, &finding->steps[i], &column))
            show_around(axis, column, context);
    show_explored(axis, timeline);
    show_around(axis, axis->until - 1, 1);
}

static void mark_folds(struct axis *axis, const struct timeline *timeline)
{
    uint32_t next = 1;

    axis->whole = true;
    for (int i = 0; i < axis->count; i++) {
        axis->slots[i].folded = axis->slots[i].column > next;
        axis->whole &= !axis->slots[i].folded;
        next = axis->slots[i].column + 1;
    }
    axis->whole &= next >= timeline->columns;
}

/* A move of time is shared out to the columns between two events. */
static void measure_time(struct axis *axis, const struct timeline *timeline)
{
    const struct trace *trace = timeline->trace;

    for (int i = 0; i < axis->count; i++) {
        bool exact = false;
        const struct sim_event *e = timeline_event_at(timeline, axis->slots[i].column, &exact);

        if (e == NULL || exact || e == trace->events)
            continue;
        size_t index = (size_t)(e - trace->events);
        uint32_t columns = timeline->column_of[index] - timeline->column_of[index - 1] - 1;

        axis->slots[i].ns = (e->time_ns - e[-1].time_ns) / columns;
    }
}

/* Whether what may be shown has a step of the story. */
static bool has_story(const struct axis *axis, const struct timeline *timeline,
                      const struct sim_finding *finding)
{
    uint32_t column = 0;

    for (int i = 0; finding != NULL && i < finding->step_count; i++)
        if (may_show(axis, timeline, &finding->steps[i], &column))
            return true;
    return false;
}

void axis_choose(struct axis *axis, const struct timeline *timeline,
                 const struct sim_finding *finding)
{
    axis->count = 0;
    axis->from = axis->from == 0 ? 1 : axis->from;
    if (axis->until == 0 || axis->until > timeline->columns)
        axis->until = timeline->columns;
    if (axis->until < axis->from + WHOLE_MOST) {
        for (uint32_t c = axis->from; c < axis->until; c++)
            show(axis, c);
    } else if (!has_story(axis, timeline, finding)) {
        for (uint32_t c = axis->from; c < axis->from + WHOLE_MOST / 2 - 1; c++)
            show(axis, c);
        for (uint32_t c = axis->until - WHOLE_MOST / 2; c < axis->until; c++)
            show(axis, c);
    } else {
        uint32_t context = CONTEXT_MOST;

        do
            show_finding(axis, timeline, finding, context);
        while (axis->count > AROUND_MOST && context-- > 1);
    }
    mark_folds(axis, timeline);
    measure_time(axis, timeline);
    for (int i = 0; finding != NULL && i < finding->step_count; i++) {
        uint32_t column = timeline_column_of_step(timeline, finding->steps[i].step);

        if (axis_has(axis, column))
            axis->slots[axis_slot(axis, column)].key = true;
    }
}

bool axis_has(const struct axis *axis, uint32_t column)
{
    int at = axis_slot(axis, column);

    return at < axis->count && axis->slots[at].column == column;
}

bool axis_has_end(const struct axis *axis, const struct timeline *timeline)
{
    return axis->count > 0 && axis->slots[axis->count - 1].column + 1 >= timeline->columns;
}

int axis_slot(const struct axis *axis, uint32_t column)
{
    int low = 0;
    int high = axis->count;

    while (low < high) {
        int middle = low + (high - low) / 2;

        if (axis->slots[middle].column < column)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

void axis_want(struct axis *axis, const struct timeline *timeline, const struct fonts *fonts,
               uint32_t lane, double size)
{
    for (size_t i = 0; i < timeline->op_count; i++) {
        const struct op *op = &timeline->ops[i];
        char label[LABEL_MAX];
        char clean[FONT_TEXT_MAX];

        if (op->lane != lane)
            continue;
        int at = axis_slot(axis, op->column);

        if (at == axis->count || axis->slots[at].column != op->column)
            continue;
        (void)font_clean(timeline_op_label(timeline, op->event, label), clean);
        double width = 8 + (fonts == NULL ? AXIS_CELL * (double)font_length(clean)
                                          : font_width(fonts, FONT_SANS, size, clean));

        if (width > axis->slots[at].wanted)
            axis->slots[at].wanted = width;
    }
}

/* A wait that lasts until the end deserves room for its label. */
void axis_want_end(struct axis *axis)
{
    if (axis->count == 0)
        return;
    axis->slots[axis->count - 1].wanted = LABEL_WIDEST;
    axis->slots[axis->count - 1].key = true;
}

/* How wide slots may be at most: those of the story, and the others. */
struct caps {
    double key;
    double plain;
};

/* What a slot gets; nothing if its width is its time. */
static double share(const struct axis *axis, const struct slot *slot, struct caps caps)
{
    double most = slot->key ? caps.key : caps.plain;

    if (axis->by_time && slot->ns > 0)
        return 0;
    return slot->wanted < most ? slot->wanted : most;
}

static double total(const struct axis *axis, struct caps caps)
{
    double sum = 0;

    for (int i = 0; i < axis->count; i++)
        sum += share(axis, &axis->slots[i], caps);
    return sum;
}

/* The widest that fit into the room.  Words of the story come first, but not before what hardly
 * needs room is told of the others. */
static struct caps choose_caps(const struct axis *axis, double room)
{
    struct caps caps = {LABEL_WIDEST, LABEL_WIDEST};

    while (caps.plain > COLUMN_BRIEF && total(axis, caps) > room)
        caps.plain -= 4;
    while (caps.key > KEY_LEAST && total(axis, caps) > room)
        caps.key -= 4;
    if (total(axis, caps) > room)
        caps.key = LABEL_WIDEST;
    while (caps.plain > COLUMN_MIN && total(axis, caps) > room)
        caps.plain -= 4;
    return caps;
}

/* How much time a gap may take: four times what all that are shorter take, if it lasts more than
 * twenty times as long. */
enum { GAP_MOST = 20, GAP_SQUEEZED = 4, GAP_WIDEST = 170 };

/* Time that passes between two events: the slots that stand for it. */
struct gap {
    int first;
    int count;
    double ns;
};

static int compare_gaps(const void *a, const void *b)
{
    const struct gap *x = a;
    const struct gap *y = b;

    if (x->ns != y->ns)
        return x->ns < y->ns ? -1 : 1;
    return x->first - y->first;
}

static int collect_gaps(const struct axis *axis, struct gap gaps[AXIS_SLOTS_MAX])
{
    int count = 0;

    for (int i = 0; axis->by_time && i < axis->count; i++) {
        bool follows = i > 0 && axis->slots[i - 1].ns > 0 && !axis->slots[i].folded &&
                       axis->slots[i].ns == axis->slots[i - 1].ns;

        if (axis->slots[i].ns <= 0)
            continue;
        if (!follows)
            gaps[count++] = (struct gap){.first = i};
        gaps[count - 1].count++;
        gaps[count - 1].ns += (double)axis->slots[i].ns;
    }
    return count;
}

/* Give the gaps their widths, from the shortest on. */
static void place_gaps(struct axis *axis, struct gap *gaps, int count, double room)
{
    double sum = 0;

    if (count > 0)
        qsort(gaps, (size_t)count, sizeof(gaps[0]), compare_gaps);
    for (int i = 0; i < count; i++) {
        bool squeezed = sum > 0 && gaps[i].ns > GAP_MOST * sum;

        gaps[i].ns = squeezed ? GAP_SQUEEZED * sum : gaps[i].ns;
        axis->slots[gaps[i].first].squeezed = squeezed;
        sum += gaps[i].ns;
    }
    for (int i = 0; i < count; i++)
        for (int k = 0; k < gaps[i].count; k++)
            axis->slots[gaps[i].first + k].width = room * gaps[i].ns / sum / gaps[i].count;
}

void axis_place(struct axis *axis, double x0, double x1)
{
    struct gap gaps[AXIS_SLOTS_MAX];
    int gap_count = collect_gaps(axis, gaps);
    double x = x0;
    double room = x1 - x0;

    for (int i = 0; i < axis->count; i++)
        room -= axis->slots[i].folded ? AXIS_FOLD : 0;
    /* Time gets half of the room, if it can use so much. */
    double for_time = gap_count * GAP_WIDEST < room / 2 ? gap_count * GAP_WIDEST : room / 2;
    double for_steps = room - for_time;

    const struct caps caps = choose_caps(axis, for_steps);
    double scale = axis->count == 0 ? 1 : for_steps / total(axis, caps);

    if (scale > (gap_count > 0 ? 1 : 3))
        scale = gap_count > 0 ? 1 : 3;
    place_gaps(axis, gaps, gap_count, room - scale * total(axis, caps));
    for (int i = 0; i < axis->count; i++) {
        struct slot *slot = &axis->slots[i];

        x += slot->folded ? AXIS_FOLD : 0;
        slot->x = x;
        if (!axis->by_time || slot->ns <= 0)
            slot->width = scale * share(axis, slot, caps);
        x += slot->width;
    }
    axis->x0 = x0;
    axis->x1 = x;
}

double axis_x(const struct axis *axis, uint32_t column)
{
    int at = axis_slot(axis, column);

    if (at == axis->count)
        return axis->x1;
    if (axis->slots[at].column > column && axis->slots[at].folded)
        return axis->slots[at].x - AXIS_FOLD / 2.0;
    return axis->slots[at].x;
}
