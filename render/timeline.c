#include "render/timeline.h"

#include <stdlib.h>
#include <string.h>

#include "sim/base/vec.h"

/* What an actor is doing while the trace is read. */
struct pen {
    uint32_t from;
    uint32_t event;
    uint8_t state;
    bool drawing;
};

struct builder {
    struct timeline *timeline;
    struct pen *pens;      /* by lane */
    uint32_t *holder_lane; /* by object id - 1; UINT32_MAX: not held */
    uint32_t *held_from;   /* by object id - 1 */
    size_t span_capacity;
    size_t op_capacity;
    size_t hold_capacity;
    size_t arrow_capacity;
    bool out_of_memory;
};

static void *append(struct builder *b, void *array, size_t *count, size_t *capacity, size_t size)
{
    if (!vec_reserve(array, *count + 1, capacity, size)) {
        b->out_of_memory = true;
        return NULL;
    }
    char *elements = NULL;

    memcpy(&elements, array, sizeof(elements));
    return elements + (*count)++ * size;
}

static void pen_up(struct builder *b, uint32_t lane, uint32_t column)
{
    struct pen *pen = &b->pens[lane];
    struct timeline *t = b->timeline;

    if (pen->drawing && column > pen->from) {
        struct span *span = append(b, &t->spans, &t->span_count, &b->span_capacity, sizeof(*span));

        if (span != NULL)
            *span = (struct span){.lane = lane,
                                  .from = pen->from,
                                  .to = column,
                                  .event = pen->event,
                                  .state = pen->state};
    }
    pen->drawing = false;
}

static void pen_to(struct builder *b, uint32_t lane, uint32_t column, enum lane_state state,
                   uint32_t event)
{
    pen_up(b, lane, column);
    b->pens[lane] =
        (struct pen){.from = column, .event = event, .state = (uint8_t)state, .drawing = true};
}

static void add_arrow(struct builder *b, uint32_t from, uint32_t to, uint32_t column,
                      enum arrow_kind kind)
{
    struct timeline *t = b->timeline;

    if (from == UINT32_MAX || to == UINT32_MAX || from == to)
        return;
    struct arrow *arrow =
        append(b, &t->arrows, &t->arrow_count, &b->arrow_capacity, sizeof(*arrow));

    if (arrow != NULL)
        *arrow = (struct arrow){
            .from_lane = from, .to_lane = to, .column = column, .kind = (uint8_t)kind};
}

static bool is_op(unsigned kind)
{
    switch (kind) {
    case SIM_EV_SPAWN:
    case SIM_EV_SUSPEND:
    case SIM_EV_CANCEL:
    case SIM_EV_JOIN:
    case SIM_EV_RAISE:
    case SIM_EV_RESULT:
    case SIM_EV_ACQUIRE:
    case SIM_EV_RELEASE:
    case SIM_EV_BLOCK:
    case SIM_EV_SET:
    case SIM_EV_CLEAR:
    case SIM_EV_COND_WAIT:
    case SIM_EV_NOTIFY:
    case SIM_EV_READ:
    case SIM_EV_WRITE:
    case SIM_EV_ATOMIC_LOAD:
    case SIM_EV_ATOMIC_STORE:
    case SIM_EV_ATOMIC_RMW:
    case SIM_EV_SEM_ACQUIRE:
    case SIM_EV_SEM_RELEASE:
    case SIM_EV_BARRIER_ARRIVE:
    case SIM_EV_BARRIER_LEAVE:
    case SIM_EV_BARRIER_RESET:
    case SIM_EV_BARRIER_ABORT:
    case SIM_EV_PUT:
    case SIM_EV_GET:
    case SIM_EV_TASK_DONE:
    case SIM_EV_QUEUE_JOIN:
    case SIM_EV_SHUTDOWN:
    case SIM_EV_PRINT:
    case SIM_EV_CHECK:
        return true;
    default:
        return false;
    }
}

static void end_hold(struct builder *b, uint32_t object, uint32_t column)
{
    struct timeline *t = b->timeline;
    uint32_t lane = b->holder_lane[object - 1];

    if (lane == UINT32_MAX)
        return;
    struct hold *hold = append(b, &t->holds, &t->hold_count, &b->hold_capacity, sizeof(*hold));

    if (hold != NULL)
        *hold = (struct hold){
            .lane = lane, .object = object, .from = b->held_from[object - 1], .to = column};
    b->holder_lane[object - 1] = UINT32_MAX;
}

static void on_locks(struct builder *b, const struct sim_event *e, uint32_t lane, uint32_t column)
{
    if (e->object == 0)
        return;
    if (e->kind == SIM_EV_ACQUIRE) {
        end_hold(b, e->object, column);
        b->holder_lane[e->object - 1] = lane;
        b->held_from[e->object - 1] = column + 1;
    } else if (e->kind == SIM_EV_RELEASE) {
        end_hold(b, e->object, column + 1);
    }
}

static void on_own(struct builder *b, const struct sim_event *e, uint32_t index, uint32_t lane)
{
    struct timeline *t = b->timeline;
    uint32_t column = t->column_of[index];

    switch (e->kind) {
    case SIM_EV_RESUME:
        pen_to(b, lane, column, LANE_RUNNING, index);
        break;
    case SIM_EV_SUSPEND:
        pen_to(b, lane, column + 1,
               e->aux == SIM_WAIT_YIELD                                    ? LANE_READY
               : e->aux == SIM_WAIT_BLOCKING || e->aux == SIM_WAIT_COMPUTE ? LANE_RUNNING
               : e->aux == SIM_WAIT_LOCK || e->aux == SIM_WAIT_SEMAPHORE   ? LANE_BLOCKED
                                                                           : LANE_AWAITING,
               index);
        break;
    case SIM_EV_PREEMPT:
        pen_to(b, lane, column + 1, LANE_READY, index);
        break;
    case SIM_EV_DONE:
        pen_up(b, lane, column + 1);
        t->lanes[lane].ended = column + 1;
        t->lanes[lane].status = e->aux;
        break;
    default:
        break;
    }
    if (is_op(e->kind)) {
        struct op *op = append(b, &t->ops, &t->op_count, &b->op_capacity, sizeof(*op));

        if (op != NULL)
            *op = (struct op){.lane = lane, .column = column, .event = index};
    }
}

static void on_event(struct builder *b, uint32_t index)
{
    struct timeline *t = b->timeline;
    const struct sim_event *e = &t->trace->events[index];
    uint32_t column = t->column_of[index];
    uint32_t lane = timeline_lane(t, e->actor);
    uint32_t target = timeline_lane(t, e->object);

    if (lane != UINT32_MAX)
        on_own(b, e, index, lane);
    on_locks(b, e, lane, column);
    if (e->kind == SIM_EV_SPAWN && target != UINT32_MAX) {
        t->lanes[target].born = column + 1;
        pen_to(b, target, column + 1, LANE_CREATED, index);
        add_arrow(b, lane, target, column, ARROW_SPAWN);
    } else if (e->kind == SIM_EV_WAKE && target != UINT32_MAX && b->pens[target].drawing &&
               b->pens[target].state > LANE_RUNNING) {
        pen_to(b, target, column + 1, LANE_READY, index);
        add_arrow(b, lane, target, column, ARROW_WAKE);
    }
}

/* The columns that stand for a move of time. */
static uint32_t columns_of(const struct timeline *t, int64_t moved_ns)
{
    if (t->column_ns == 0)
        return COLUMNS_OF_TIME;
    int64_t columns = moved_ns / t->column_ns;

    return columns < 1                      ? 1
           : columns > COLUMNS_OF_TIME_MOST ? COLUMNS_OF_TIME_MOST
                                            : (uint32_t)columns;
}

int64_t timeline_choose_ns(const struct trace *trace)
{
    enum { STEPS_LEAST = 100 };

    if (trace->event_count == 0 || trace->events[trace->event_count - 1].time_ns <= 0)
        return 0;
    const struct sim_event *last = &trace->events[trace->event_count - 1];
    int64_t columns = last->step < STEPS_LEAST ? STEPS_LEAST : last->step;

    return last->time_ns / columns + 1;
}

/* Steps count up by one a column; a move of time takes some more. */
static bool place_columns(struct timeline *t)
{
    const struct trace *trace = t->trace;
    uint32_t extra = 0;

    t->column_of = malloc((trace->event_count + 1) * sizeof(*t->column_of));
    if (t->column_of == NULL)
        return false;
    for (size_t i = 0; i < trace->event_count; i++) {
        if (i > 0 && trace->events[i].time_ns > trace->events[i - 1].time_ns)
            extra += columns_of(t, trace->events[i].time_ns - trace->events[i - 1].time_ns);
        t->column_of[i] = trace->events[i].step + extra;
        if (t->column_of[i] + 2 > t->columns)
            t->columns = t->column_of[i] + 2;
    }
    return true;
}

/* A lane for every task and thread that does something in the trace. */
static bool make_lanes(struct timeline *t)
{
    const struct registry *reg = t->trace->registry;
    uint32_t count = registry_count(reg);

    t->lane_of = malloc((count + 1) * sizeof(*t->lane_of));
    t->lanes = calloc(count + 1, sizeof(*t->lanes));
    if (t->lane_of == NULL || t->lanes == NULL)
        return false;
    memset(t->lane_of, 0xFF, (count + 1) * sizeof(*t->lane_of));
    for (size_t i = 0; i < t->trace->event_count; i++) {
        const struct sim_event *e = &t->trace->events[i];
        uint32_t id = e->kind == SIM_EV_SPAWN ? e->object : e->kind == SIM_EV_RESUME ? e->actor : 0;

        if (id != 0)
            t->lane_of[id - 1] = 0;
    }
    for (uint32_t id = 1; id <= count; id++) {
        unsigned kind = registry_object(reg, id)->kind;

        if (t->lane_of[id - 1] != 0 || (kind != SIM_OBJ_TASK && kind != SIM_OBJ_THREAD)) {
            t->lane_of[id - 1] = UINT32_MAX;
            continue;
        }
        t->lane_of[id - 1] = t->lane_count;
        t->lanes[t->lane_count++] = (struct lane){.actor = id, .ended = UINT32_MAX};
    }
    return true;
}

static bool make_pens(struct builder *b)
{
    struct timeline *t = b->timeline;
    uint32_t objects = registry_count(t->trace->registry) + 1;

    b->pens = calloc(t->lane_count + 1, sizeof(*b->pens));
    b->holder_lane = malloc(objects * sizeof(*b->holder_lane));
    b->held_from = calloc(objects, sizeof(*b->held_from));
    if (b->holder_lane != NULL)
        memset(b->holder_lane, 0xFF, objects * sizeof(*b->holder_lane));
    return b->pens != NULL && b->holder_lane != NULL && b->held_from != NULL;
}

/* Counting sort by lane; within a lane spans are in order of time already. */
static bool sort_spans(struct timeline *t)
{
    struct span *sorted = malloc((t->span_count + 1) * sizeof(*sorted));
    uint32_t at = 0;

    if (sorted == NULL)
        return false;
    for (size_t i = 0; i < t->span_count; i++)
        t->lanes[t->spans[i].lane].span_count++;
    for (uint32_t lane = 0; lane < t->lane_count; lane++) {
        t->lanes[lane].first_span = at;
        at += t->lanes[lane].span_count;
        t->lanes[lane].span_count = 0;
    }
    for (size_t i = 0; i < t->span_count; i++) {
        struct lane *lane = &t->lanes[t->spans[i].lane];

        sorted[lane->first_span + lane->span_count++] = t->spans[i];
    }
    free(t->spans);
    t->spans = sorted;
    return true;
}

static int compare_holds(const void *left, const void *right)
{
    const struct hold *a = left;
    const struct hold *b = right;

    if (a->lane != b->lane)
        return a->lane < b->lane ? -1 : 1;
    if (a->from != b->from)
        return a->from < b->from ? -1 : 1;
    return a->object < b->object ? -1 : a->object > b->object;
}

/* Holds that overlap stand below each other, in at most a few rows. */
static void stack_holds(struct timeline *t)
{
    enum { ROWS = 4 };
    uint32_t free_from[ROWS] = {0};

    if (t->hold_count > 0)
        qsort(t->holds, t->hold_count, sizeof(*t->holds), compare_holds);
    for (size_t i = 0; i < t->hold_count; i++) {
        struct hold *hold = &t->holds[i];
        uint32_t row = 0;

        if (i == 0 || t->holds[i - 1].lane != hold->lane)
            memset(free_from, 0, sizeof(free_from));
        while (row < ROWS - 1 && free_from[row] > hold->from)
            row++;
        hold->row = row;
        free_from[row] = hold->to;
        if (t->lanes[hold->lane].hold_rows < row + 1)
            t->lanes[hold->lane].hold_rows = row + 1;
    }
}

struct timeline *timeline_new(const struct trace *trace)
{
    return timeline_new_by_time(trace, 0);
}

struct timeline *timeline_new_by_time(const struct trace *trace, int64_t column_ns)
{
    struct timeline *t = calloc(1, sizeof(*t));
    struct builder b = {.timeline = t};

    if (t == NULL)
        return NULL;
    t->trace = trace;
    t->column_ns = column_ns;
    bool ok = place_columns(t) && make_lanes(t) && make_pens(&b);

    for (uint32_t i = 0; ok && i < trace->event_count; i++)
        on_event(&b, i);
    for (uint32_t lane = 0; ok && lane < t->lane_count; lane++)
        pen_up(&b, lane, t->columns);
    for (uint32_t id = 1; ok && id <= registry_count(trace->registry); id++)
        end_hold(&b, id, t->columns);
    ok = ok && !b.out_of_memory && sort_spans(t);
    free(b.pens);
    free(b.holder_lane);
    free(b.held_from);
    if (!ok) {
        timeline_free(t);
        return NULL;
    }
    stack_holds(t);
    return t;
}

void timeline_free(struct timeline *timeline)
{
    if (timeline == NULL)
        return;
    free(timeline->column_of);
    free(timeline->lanes);
    free(timeline->lane_of);
    free(timeline->spans);
    free(timeline->ops);
    free(timeline->holds);
    free(timeline->arrows);
    free(timeline);
}
