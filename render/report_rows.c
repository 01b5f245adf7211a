/* Rows under the lanes of a report: locks that are fought for, with who waits stacked below who
 * holds them, and what variables hold, with every read. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "render/report.h"

enum { ROW_BAR = 15, STACK_PITCH = 15, STACK_MAX = 8, ROW_GAP = 6, READ_DOT = 2 };

static bool is_value(unsigned kind)
{
    return kind == SIM_OBJ_VAR || kind == SIM_OBJ_ATOMIC || kind == SIM_OBJ_SEMAPHORE;
}

static bool is_lock(unsigned kind)
{
    return kind == SIM_OBJ_LOCK || kind == SIM_OBJ_MUTEX || kind == SIM_OBJ_SEMAPHORE;
}

static unsigned kind_of(const struct report *r, uint32_t id)
{
    const struct sim_object *object = registry_object(r->trace->registry, id);

    return object == NULL ? SIM_OBJ_NONE : object->kind;
}

/* What an event leaves in a variable; false if it does not tell. */
static bool tells_value(const struct sim_event *e)
{
    return e->kind == SIM_EV_READ || e->kind == SIM_EV_WRITE || e->kind == SIM_EV_ATOMIC_LOAD ||
           e->kind == SIM_EV_ATOMIC_STORE || e->kind == SIM_EV_ATOMIC_RMW ||
           e->kind == SIM_EV_SEM_ACQUIRE || e->kind == SIM_EV_SEM_RELEASE;
}

static bool is_read(const struct sim_event *e)
{
    return e->kind == SIM_EV_READ || e->kind == SIM_EV_ATOMIC_LOAD;
}

/* Objects that have rows, and how many more would. */
struct chosen {
    uint32_t ids[REPORT_ROWS_MAX];
    int count;
    int more;
};

static bool has(const struct chosen *chosen, uint32_t id)
{
    for (int i = 0; i < chosen->count; i++)
        if (chosen->ids[i] == id)
            return true;
    return false;
}

static void want(struct chosen *chosen, uint32_t id)
{
    if (!has(chosen, id) && chosen->count < REPORT_ROWS_MAX)
        chosen->ids[chosen->count++] = id;
}

/* Whether a lane at full size waits for the object in what is shown. */
static bool is_fought_for(const struct report *r, uint32_t id)
{
    const struct timeline *t = r->timeline;

    for (int i = 0; i < r->involved_count; i++) {
        const struct lane *lane = &t->lanes[r->involved[i]];

        for (uint32_t k = 0; k < lane->span_count; k++) {
            const struct span *span = &t->spans[lane->first_span + k];

            if (span->state == LANE_BLOCKED && r->trace->events[span->event].object == id &&
                axis_x(&r->axis, span->to) - axis_x(&r->axis, span->from) > 2)
                return true;
        }
    }
    return false;
}

/* Locks that the finding is about come first, then those that somebody shown waits for. */
static void choose_locks(const struct report *r, struct chosen *locks)
{
    const struct sim_finding *f = r->finding;
    int wanted = 0;

    for (int i = 0; f != NULL && i < f->step_count; i++)
        if (is_lock(kind_of(r, f->steps[i].object)) && is_fought_for(r, f->steps[i].object))
            want(locks, f->steps[i].object);
    for (uint32_t id = 1; id <= registry_count(r->trace->registry); id++) {
        if (!is_lock(kind_of(r, id)) || !is_fought_for(r, id))
            continue;
        want(locks, id);
        wanted++;
    }
    locks->more = wanted - locks->count;
}

/* Variables that the finding is about; if it is about none, and not about locks either, those that
 * lanes at full size use in what is shown. */
static void choose_values(const struct report *r, const struct chosen *locks, struct chosen *values)
{
    const struct sim_finding *f = r->finding;
    const struct timeline *t = r->timeline;
    bool about_locks = f != NULL && (f->edge_count > 0 || locks->count > 0);

    for (int i = 0; f != NULL && i < f->step_count; i++)
        if (is_value(kind_of(r, f->steps[i].object)) && !has(locks, f->steps[i].object))
            want(values, f->steps[i].object);
    bool why = f != NULL && (f->kind == SIM_FINDING_CHECK || f->kind == SIM_FINDING_INVARIANT);

    /* A claim that fails does so for something that is not among its own variables. */
    if ((values->count > 0 && !why) || about_locks)
        return;
    for (size_t i = 0; i < t->op_count; i++) {
        const struct sim_event *e = &r->trace->events[t->ops[i].event];

        if (tells_value(e) && axis_has(&r->axis, t->ops[i].column) &&
            report_has_lane(r, t->ops[i].lane) && !has(locks, e->object))
            want(values, e->object);
    }
}

static void row_name(struct report *r, uint32_t id)
{
    char name[REGISTRY_NAME_MAX];
    char fitted[FONT_TEXT_MAX];

    scene_text(r->scene, FONT_SANS, 11, MARGIN, r->y + 11, r->theme->ink,
               font_fit(r->fonts, FONT_SANS, 11, registry_name(r->trace->registry, id, name),
                        LANE_NAMES - 12, fitted));
}

/* Words in a bar, if they fit. */
static void bar_text(struct report *r, double x, double y, double w, uint32_t colour,
                     const char *text)
{
    char fitted[FONT_TEXT_MAX];

    scene_text(r->scene, FONT_SANS, 10, x + 5, y + 11, colour,
               report_fit_part(r->fonts, FONT_SANS, 10, text, w - 8, fitted));
}

/* Who holds the lock, along its row. */
static void put_holders(struct report *r, uint32_t id)
{
    const struct timeline *t = r->timeline;
    char name[REGISTRY_NAME_MAX];
    char text[REGISTRY_NAME_MAX + 16];

    for (size_t i = 0; i < t->hold_count; i++) {
        const struct hold *hold = &t->holds[i];
        double x = axis_x(&r->axis, hold->from);
        double w = axis_x(&r->axis, hold->to) - x;

        if (hold->object != id || w < 2 || hold->lane == UINT32_MAX)
            continue;
        scene_add(r->scene,
                  (struct shape){.kind = SHAPE_RECT,
                                 .x = x,
                                 .y = r->y,
                                 .w = w,
                                 .h = ROW_BAR,
                                 .fill = r->theme->panel,
                                 .edge = r->theme->hold,
                                 .edge_width = 1.5},
                  NULL);
        (void)registry_name(t->trace->registry, t->lanes[hold->lane].actor, name);
        (void)snprintf(text, sizeof(text), "held by %s", name);
        bool whole = font_width(r->fonts, FONT_SANS, 10, text) <= w - 8;

        bar_text(r, x, r->y, w, r->theme->ink, whole ? text : name);
        r->holds = true;
    }
}

/* One who waits, in the first row of the stack that is free there; -1: none is. */
static int stack_row(double until[STACK_MAX], double x, double to)
{
    for (int i = 0; i < STACK_MAX; i++) {
        if (until[i] > x + 0.01)
            continue;
        until[i] = to;
        return i;
    }
    return -1;
}

struct wait {
    double x;
    double to;
    uint32_t lane;
};

static int compare_waits(const void *a, const void *b)
{
    const struct wait *x = a;
    const struct wait *y = b;

    if (x->x != y->x)
        return x->x < y->x ? -1 : 1;
    return x->lane < y->lane ? -1 : x->lane > y->lane;
}

/* The waits of all lanes for a lock, in order; to be freed. */
static struct wait *collect_waits(const struct report *r, uint32_t id, size_t *count)
{
    const struct timeline *t = r->timeline;
    struct wait *waits = malloc((t->span_count + 1) * sizeof(*waits));

    *count = 0;
    for (size_t i = 0; waits != NULL && i < t->span_count; i++) {
        const struct span *span = &t->spans[i];
        double x = axis_x(&r->axis, span->from);
        double to = axis_x(&r->axis, span->to);

        if (span->state == LANE_BLOCKED && r->trace->events[span->event].object == id && to - x > 2)
            waits[(*count)++] = (struct wait){x, to, span->lane};
    }
    if (*count > 0)
        qsort(waits, *count, sizeof(*waits), compare_waits);
    return waits;
}

static void put_wait(struct report *r, const struct wait *wait, int row)
{
    const struct state_colours *colours = &r->theme->states[LANE_BLOCKED];
    double y = r->y + ROW_BAR + STACK_PITCH * (double)row;
    double w = wait->to - wait->x;
    char name[REGISTRY_NAME_MAX];
    char fitted[FONT_TEXT_MAX];

    scene_add(r->scene,
              (struct shape){.kind = SHAPE_HATCH,
                             .x = wait->x,
                             .y = y + 1,
                             .w = w,
                             .h = STACK_PITCH - 2,
                             .fill = colours->fill,
                             .edge = colours->edge,
                             .edge_width = 1},
              NULL);
    (void)registry_name(r->trace->registry, r->timeline->lanes[wait->lane].actor, name);
    (void)report_fit_part(r->fonts, FONT_SANS, 10, name, w - 10, fitted);
    if (fitted[0] != '\0')
        scene_rect(r->scene, wait->x + 3, y + 2, font_width(r->fonts, FONT_SANS, 10, fitted) + 4,
                   STACK_PITCH - 4, colours->fill);
    scene_text(r->scene, FONT_SANS, 10, wait->x + 5, y + 11, colours->text, fitted);
    r->states[LANE_BLOCKED] = true;
    r->waiters = true;
}

static void small_print(struct report *r, const char *text)
{
    scene_text(r->scene, FONT_SANS, 10, r->axis.x0, r->y + 10, r->theme->ink2, text);
    r->y += 15;
}

/* Who waits for it, each below the one who came before. */
static void put_waiters(struct report *r, uint32_t id)
{
    double until[STACK_MAX] = {0};
    size_t count = 0;
    size_t left_out = 0;
    int rows = 0;
    char text[LABEL_MAX];
    struct wait *waits = collect_waits(r, id, &count);

    r->scene->out_of_memory |= waits == NULL;
    for (size_t i = 0; i < count; i++) {
        int row = stack_row(until, waits[i].x, waits[i].to);

        if (row < 0) {
            left_out++;
            continue;
        }
        rows = row + 1 > rows ? row + 1 : rows;
        put_wait(r, &waits[i], row);
    }
    free(waits);
    r->y += ROW_BAR + STACK_PITCH * rows;
    if (left_out == 0)
        return;
    (void)snprintf(text, sizeof(text), "+ %zu more waits", left_out);
    small_print(r, text);
}

char *report_value_label(const struct report *r, const struct report_value *value,
                         char out[LABEL_MAX])
{
    char name[REGISTRY_NAME_MAX];
    const char *between = value->by == 0 ? "" : value->permits ? ": " : " by ";

    (void)snprintf(out, LABEL_MAX, "%" PRId64 "%s%s%.48s", value->number,
                   value->permits ? " left" : "", between,
                   value->by == 0 ? "" : registry_name(r->trace->registry, value->by, name));
    return out;
}

/* One value, from a place up to another. */
static void put_value(void *arg, double x, double to, const struct report_value *value)
{
    struct report *r = arg;
    char text[LABEL_MAX];
    double w = to - x;

    if (w < 1)
        return;
    scene_add(r->scene,
              (struct shape){.kind = SHAPE_RECT,
                             .x = x,
                             .y = r->y,
                             .w = w,
                             .h = ROW_BAR,
                             .fill = r->theme->background,
                             .edge = r->theme->ink2,
                             .edge_width = 1},
              NULL);
    if (font_width(r->fonts, FONT_SANS, 10, report_value_label(r, value, text)) > w - 8)
        (void)snprintf(text, sizeof(text), "%" PRId64, value->number);
    if (font_width(r->fonts, FONT_SANS, 10, text) <= w - 6)
        scene_text(r->scene, FONT_SANS, 10, x + 4, r->y + 11, r->theme->ink, text);
}

static void put_read(void *arg, uint32_t column)
{
    struct report *r = arg;

    scene_add(r->scene,
              (struct shape){.kind = SHAPE_DISC,
                             .x = axis_x(&r->axis, column) + 3,
                             .y = r->y + ROW_BAR + READ_DOT + 1,
                             .w = READ_DOT,
                             .fill = r->theme->ink},
              NULL);
    r->reads = true;
}

void report_each_value(const struct report *r, uint32_t id, const struct report_listener *listener)
{
    const struct trace *trace = r->trace;
    struct report_value value = {.permits = kind_of(r, id) == SIM_OBJ_SEMAPHORE};
    double x = -1; /* where the value began; -1: it is not known yet */

    for (size_t i = 0; i < trace->event_count; i++) {
        const struct sim_event *e = &trace->events[i];
        uint32_t column = r->timeline->column_of[i];
        double at = axis_x(&r->axis, column);

        if (e->object != id || !tells_value(e))
            continue;
        if (is_read(e)) {
            /* Nobody has written it yet, so it was so from the beginning. */
            if (x < 0) {
                x = r->axis.x0;
                value.number = e->value;
            }
            if (axis_has(&r->axis, column) && listener->read != NULL)
                listener->read(listener->arg, column);
            continue;
        }
        if (x >= 0)
            listener->value(listener->arg, x, at, &value);
        x = at;
        value.number = e->value;
        value.by = e->actor;
    }
    if (x >= 0)
        listener->value(listener->arg, x, r->axis.x1, &value);
}

static void put_values(struct report *r, uint32_t id)
{
    report_each_value(r, id,
                      &(struct report_listener){.value = put_value, .read = put_read, .arg = r});
}

static void heading(struct report *r, const char *text)
{
    scene_text(r->scene, FONT_BOLD, 10, MARGIN, r->y + 10, r->theme->ink2, text);
    r->y += 16;
}

static void lock_rows(struct report *r, const struct chosen *locks)
{
    char text[LABEL_MAX];

    if (locks->count > 0)
        heading(r, "locks, and who waits");
    for (int i = 0; i < locks->count; i++) {
        row_name(r, locks->ids[i]);
        if (kind_of(r, locks->ids[i]) == SIM_OBJ_SEMAPHORE)
            put_values(r, locks->ids[i]);
        else
            put_holders(r, locks->ids[i]);
        put_waiters(r, locks->ids[i]);
        r->y += ROW_GAP;
    }
    if (locks->more <= 0)
        return;
    (void)snprintf(text, sizeof(text), "+ %d more that somebody waits for", locks->more);
    small_print(r, text);
}

int report_values(const struct report *r, uint32_t ids[REPORT_ROWS_MAX])
{
    struct chosen locks = {.count = 0};
    struct chosen values = {.count = 0};

    if (r->axis.count == 0)
        return 0;
    choose_locks(r, &locks);
    choose_values(r, &locks, &values);
    memcpy(ids, values.ids, (size_t)values.count * sizeof(*ids));
    return values.count;
}

void report_rows(struct report *r)
{
    struct chosen locks = {.count = 0};
    struct chosen values = {.count = 0};

    if (r->axis.count == 0)
        return;
    choose_locks(r, &locks);
    choose_values(r, &locks, &values);
    lock_rows(r, &locks);
    if (values.count > 0)
        heading(r, "values");
    for (int i = 0; i < values.count; i++) {
        row_name(r, values.ids[i]);
        put_values(r, values.ids[i]);
        r->y += ROW_BAR + 2 * READ_DOT + 3 + ROW_GAP;
    }
}
