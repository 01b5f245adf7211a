/* Links: who made whom go on, and by what, as arrows between the lanes of a report.
 *
 * The timeline has who woke whom.  Here it is told apart by what, and what was given before it was
 * taken is added: a lock that nobody waited for when it was released, an end before it was joined.
 */
#include <stdlib.h>
#include <string.h>

#include "render/report.h"

enum { FAR = 180 };

/* What was given up last, and by whom. */
struct gift {
    uint32_t lane; /* UINT32_MAX: nobody gave it */
    uint32_t column;
};

struct weaver {
    const struct report *r;
    struct gift *gifts;    /* by id of object - 1 */
    uint32_t *woken_by;    /* by lane: the object that woke it last; 0: none */
    bool *waiting;         /* by lane */
    struct sim_event last; /* the last operation of who acts */
    struct link *links;
    int count;
    int max;
};

static uint32_t lane_of(const struct weaver *w, uint32_t id)
{
    return timeline_lane(w->r->timeline, id);
}

static void add(struct weaver *w, struct link link)
{
    const struct axis *axis = &w->r->axis;

    /* Far apart, an arrow across everything would say less than it hides. */
    if (axis_x(axis, link.to_column) - axis_x(axis, link.from_column) > FAR)
        return;
    if (w->count < w->max && link.from_lane != link.to_lane && axis_has(axis, link.from_column) &&
        axis_has(axis, link.to_column) && report_has_lane(w->r, link.from_lane) &&
        report_has_lane(w->r, link.to_lane))
        w->links[w->count++] = link;
}

/* A cancellation, whatever was waited for; else by the object that it was for. */
static enum link_kind kind_of(const struct weaver *w, const struct sim_event *wake)
{
    const struct sim_object *by = registry_object(w->r->trace->registry, (uint32_t)wake->value);
    unsigned kind = by == NULL ? SIM_OBJ_NONE : by->kind;
    bool same = w->last.step == wake->step && w->last.actor == wake->actor;

    if (same && w->last.kind == SIM_EV_CANCEL)
        return LINK_CANCEL;
    if (kind == SIM_OBJ_LOCK || kind == SIM_OBJ_MUTEX || kind == SIM_OBJ_SEMAPHORE)
        return LINK_RELEASE;
    if (kind == SIM_OBJ_EVENT)
        return LINK_SET;
    if (kind == SIM_OBJ_CONDITION || kind == SIM_OBJ_CONDVAR)
        return LINK_NOTIFY;
    if (kind == SIM_OBJ_THREAD || kind == SIM_OBJ_TASK)
        return LINK_JOIN;
    return same && w->last.kind == SIM_EV_RESULT ? LINK_RESULT : LINK_WAKE;
}

/* Somebody who waits may go on: made so by who acts, or by the loop for what somebody gave before.
 */
static void on_wake(struct weaver *w, const struct sim_event *e, uint32_t column)
{
    uint32_t to = lane_of(w, e->object);
    uint32_t from = lane_of(w, e->actor);
    uint32_t by = (uint32_t)e->value;

    if (to == UINT32_MAX || !w->waiting[to])
        return;
    w->waiting[to] = false;
    w->woken_by[to] = by;
    if (from != UINT32_MAX) {
        add(w, (struct link){from, column, to, column, kind_of(w, e)});
        return;
    }
    if (e->actor != 0 || by == 0 || by > registry_count(w->r->trace->registry) ||
        w->gifts[by - 1].lane == UINT32_MAX)
        return;
    const struct gift *gift = &w->gifts[by - 1];
    unsigned kind = registry_object(w->r->trace->registry, by)->kind;

    add(w, (struct link){gift->lane, gift->column, to, column,
                         kind == SIM_OBJ_TASK || kind == SIM_OBJ_THREAD ? LINK_JOIN : LINK_RESULT});
}

/* What is taken was given, unless the arrow is there already: of who was woken by it. */
static void on_take(struct weaver *w, const struct sim_event *e, uint32_t column,
                    enum link_kind kind)
{
    struct gift *gift = &w->gifts[e->object - 1];
    uint32_t to = lane_of(w, e->actor);

    if (to == UINT32_MAX)
        return;
    if (gift->lane != UINT32_MAX && w->woken_by[to] != e->object)
        add(w, (struct link){gift->lane, gift->column, to, column, kind});
    if (kind == LINK_RELEASE)
        gift->lane = UINT32_MAX;
    w->woken_by[to] = 0;
}

static void on_event(struct weaver *w, const struct sim_event *e, uint32_t column)
{
    uint32_t lane = lane_of(w, e->actor);
    uint32_t other = lane_of(w, e->object);

    switch (e->kind) {
    case SIM_EV_SPAWN:
        if (lane != UINT32_MAX && other != UINT32_MAX)
            add(w, (struct link){lane, column, other, column, LINK_START});
        break;
    case SIM_EV_SUSPEND:
        if (lane != UINT32_MAX)
            w->waiting[lane] = e->aux != SIM_WAIT_YIELD;
        break;
    case SIM_EV_RESUME:
        if (lane != UINT32_MAX)
            w->waiting[lane] = false;
        break;
    case SIM_EV_WAKE:
        on_wake(w, e, column);
        break;
    case SIM_EV_ACQUIRE:
        if (e->object != 0)
            on_take(w, e, column, LINK_RELEASE);
        break;
    case SIM_EV_JOIN:
        if (e->object != 0)
            on_take(w, e, column, LINK_JOIN);
        break;
    case SIM_EV_RELEASE:
    case SIM_EV_DONE:
    case SIM_EV_RESULT:
        if (e->object != 0 && lane != UINT32_MAX)
            w->gifts[e->object - 1] = (struct gift){lane, column};
        break;
    default:
        break;
    }
    if (e->actor != 0 && e->kind != SIM_EV_WAKE && e->kind != SIM_EV_CHOICE)
        w->last = *e;
}

int report_links(const struct report *r, struct link *links, int max)
{
    uint32_t objects = registry_count(r->trace->registry) + 1;
    uint32_t lanes = r->timeline->lane_count + 1;
    struct weaver w = {.r = r,
                       .gifts = calloc(objects, sizeof(*w.gifts)),
                       .woken_by = calloc(lanes, sizeof(*w.woken_by)),
                       .waiting = calloc(lanes, sizeof(*w.waiting)),
                       .links = links,
                       .max = max};
    bool ok = w.gifts != NULL && w.woken_by != NULL && w.waiting != NULL;

    for (uint32_t i = 0; ok && i < objects; i++)
        w.gifts[i].lane = UINT32_MAX;
    for (size_t i = 0; ok && i < r->trace->event_count; i++)
        on_event(&w, &r->trace->events[i], r->timeline->column_of[i]);
    free(w.gifts);
    free(w.woken_by);
    free(w.waiting);
    return ok ? w.count : -1;
}
