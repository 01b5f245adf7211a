#include "render/chrome.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "render/quote.h"
#include "render/timeline.h"
#include "sim/base/status.h"

enum { STEP_NS = 1000 };

struct chrome {
    const struct trace *trace;
    struct timeline *timeline; /* owned */
    int64_t *clock;            /* by event, in ns; owned */
    bool *runs_loop;           /* by object id: a thread with tasks; owned */
    bool *is_held;             /* by object id: a lock that somebody holds at some time; owned */
    FILE *out;
    bool further; /* an event was written before */
};

static int64_t later(int64_t time_ns, int64_t ns)
{
    return time_ns > INT64_MAX - ns ? INT64_MAX : time_ns + ns;
}

/* What stands for time between two events begins a step after the first, and lasts a step at least:
 * the clock never stands still from one column to the next. */
static bool place_clock(struct chrome *c)
{
    const struct trace *trace = c->trace;
    const uint32_t *column_of = c->timeline->column_of;

    c->clock = calloc(trace->event_count + 1, sizeof(*c->clock));
    if (c->clock == NULL)
        return false;
    for (size_t i = 0; i < trace->event_count; i++) {
        int64_t now = trace->events[i].time_ns;

        if (i > 0 && column_of[i] == column_of[i - 1]) {
            now = c->clock[i - 1];
        } else if (i > 0) {
            bool gap = column_of[i] - column_of[i - 1] > 1;
            int64_t least = later(c->clock[i - 1], gap ? 2 * STEP_NS : STEP_NS);

            now = now > least ? now : least;
        }
        c->clock[i] = now;
    }
    return true;
}

static int64_t clock_at(const struct chrome *c, uint32_t column)
{
    const struct trace *trace = c->trace;
    bool exact = false;
    const struct sim_event *e = timeline_event_at(c->timeline, column, &exact);
    size_t at = e == NULL ? trace->event_count : (size_t)(e - trace->events);

    if (exact || at == 0)
        return c->clock[at];
    if (e != NULL)
        return later(c->clock[at - 1], STEP_NS);
    return later(c->clock[at - 1], (int64_t)STEP_NS * (column - c->timeline->column_of[at - 1]));
}

static bool find_loops(struct chrome *c)
{
    const struct registry *reg = c->trace->registry;
    uint32_t count = registry_count(reg);

    c->runs_loop = calloc((size_t)count + 1, sizeof(*c->runs_loop));
    c->is_held = calloc((size_t)count + 1, sizeof(*c->is_held));
    if (c->runs_loop == NULL || c->is_held == NULL)
        return false;
    for (uint32_t id = 1; id <= count; id++) {
        const struct sim_object *object = registry_object(reg, id);

        if (object->kind == SIM_OBJ_TASK && object->parent <= count)
            c->runs_loop[object->parent] = true;
    }
    return true;
}

/* Groups are numbered by the thread that runs their loop; two more stand behind all ids: threads
 * without a loop, and locks. */
static uint32_t group_of_threads(const struct chrome *c)
{
    return registry_count(c->trace->registry) + 1;
}

static uint32_t group_of_locks(const struct chrome *c)
{
    return registry_count(c->trace->registry) + 2;
}

static uint32_t group_of(const struct chrome *c, uint32_t actor)
{
    const struct registry *reg = c->trace->registry;
    const struct sim_object *object = registry_object(reg, actor);
    uint32_t loop = object->kind == SIM_OBJ_TASK ? object->parent : actor;

    return loop != 0 && loop <= registry_count(reg) && c->runs_loop[loop] ? loop
                                                                          : group_of_threads(c);
}

/* Begin an event of a phase: all events have these fields, and stand on a line of their own. */
static void begin(struct chrome *c, const char *phase, const char *name)
{
    (void)fprintf(c->out, "%s\n{\"ph\":\"%s\",\"name\":", c->further ? "," : "", phase);
    quote_json(c->out, name);
    c->further = true;
}

static void put_track(struct chrome *c, uint32_t actor)
{
    (void)fprintf(c->out, ",\"pid\":%u,\"tid\":%u", group_of(c, actor), actor);
}

static void put_time(struct chrome *c, const char *name, int64_t ns)
{
    (void)fprintf(c->out, ",\"%s\":%" PRId64 ".%03d", name, ns / 1000, (int)(ns % 1000));
}

static void put_text(struct chrome *c, const char *name, const char *text)
{
    (void)fprintf(c->out, ",\"%s\":", name);
    quote_json(c->out, text);
}

/* "file.c:12"; nothing if it is not known. */
static void put_place(struct chrome *c, uint16_t id)
{
    const struct sim_site *site = registry_site_at(c->trace->registry, id);
    char place[512];

    if (site == NULL)
        return;
    (void)snprintf(place, sizeof(place), "%.480s:%d", site->file, site->line);
    put_text(c, "place", place);
}

static void put_event_args(struct chrome *c, const struct sim_event *e)
{
    char name[REGISTRY_NAME_MAX];

    (void)fprintf(c->out, ",\"args\":{\"step\":%u,\"virtual_time_ns\":%" PRId64, e->step,
                  e->time_ns);
    put_text(c, "event", sim_event_name(e->kind));
    if (e->object != 0)
        put_text(c, "object", registry_name(c->trace->registry, e->object, name));
    put_place(c, e->site);
}

/* A name, and where it stands among others: of a group (track 0), or of a track in it. */
static void put_name(struct chrome *c, uint32_t group, uint32_t track, const char *name)
{
    const char *what = track == 0 ? "process" : "thread";

    for (int sort = 0; sort < 2; sort++) {
        char kind[32];

        (void)snprintf(kind, sizeof(kind), "%s_%s", what, sort ? "sort_index" : "name");
        begin(c, "M", kind);
        (void)fprintf(c->out, ",\"pid\":%u", group);
        if (track != 0)
            (void)fprintf(c->out, ",\"tid\":%u", track);
        (void)fputs(",\"args\":{", c->out);
        if (sort) {
            (void)fprintf(c->out, "\"sort_index\":%u}}", track != 0 ? track : group);
            continue;
        }
        (void)fputs("\"name\":", c->out);
        quote_json(c->out, name);
        (void)fputs("}}", c->out);
    }
}

static void put_lock_names(struct chrome *c)
{
    const struct timeline *t = c->timeline;
    const struct registry *reg = c->trace->registry;
    char name[REGISTRY_NAME_MAX];

    if (t->hold_count == 0)
        return;
    put_name(c, group_of_locks(c), 0, "locks");
    for (size_t i = 0; i < t->hold_count; i++)
        c->is_held[t->holds[i].object] = true;
    for (uint32_t id = 1; id <= registry_count(reg); id++)
        if (c->is_held[id])
            put_name(c, group_of_locks(c), id, registry_name(reg, id, name));
}

static void put_names(struct chrome *c)
{
    const struct registry *reg = c->trace->registry;
    char name[REGISTRY_NAME_MAX];
    char group[REGISTRY_NAME_MAX + 32];

    for (uint32_t id = 1; id <= registry_count(reg); id++) {
        if (!c->runs_loop[id])
            continue;
        (void)snprintf(group, sizeof(group), "loop of %s", registry_name(reg, id, name));
        put_name(c, id, 0, group);
    }
    put_name(c, group_of_threads(c), 0, c->trace->program);
    for (uint32_t i = 0; i < c->timeline->lane_count; i++) {
        uint32_t actor = c->timeline->lanes[i].actor;

        put_name(c, group_of(c, actor), actor, registry_name(reg, actor, name));
    }
    put_lock_names(c);
}

/* A slice up to its arguments. */
static void begin_slice(struct chrome *c, const char *name, const char *category, uint32_t actor,
                        uint32_t from, uint32_t to)
{
    begin(c, "X", name);
    put_text(c, "cat", category);
    put_track(c, actor);
    put_time(c, "ts", clock_at(c, from));
    put_time(c, "dur", clock_at(c, to) - clock_at(c, from));
}

/* The viewer colours slices by name, so a state is called the same wherever it is, and what is
 * waited for stands in a slice within. */
static void put_span(struct chrome *c, const struct span *span)
{
    const struct sim_event *e = &c->trace->events[span->event];
    const char *state = timeline_state_name((enum lane_state)span->state);
    uint32_t actor = c->timeline->lanes[span->lane].actor;
    char label[LABEL_MAX];

    begin_slice(c, state, "state", actor, span->from, span->to);
    put_event_args(c, e);
    (void)fputs("}}", c->out);
    if (timeline_wait_label(c->timeline, span->event, label)[0] == '\0')
        return;
    begin_slice(c, label, "wait", actor, span->from, span->to);
    put_event_args(c, e);
    (void)fputs("}}", c->out);
}

static void put_op(struct chrome *c, const struct op *op)
{
    char label[LABEL_MAX];

    begin_slice(c, timeline_op_label(c->timeline, op->event, label), "operation",
                c->timeline->lanes[op->lane].actor, op->column, op->column + 1);
    put_event_args(c, &c->trace->events[op->event]);
    (void)fputs("}}", c->out);
}

/* How somebody ended: an operation, from which others may be woken. */
static void put_end(struct chrome *c, const struct lane *lane)
{
    char text[LABEL_MAX];

    if (lane->ended == UINT32_MAX)
        return;
    (void)snprintf(text, sizeof(text), "end: %s", sim_status_name((enum sim_status)lane->status));
    begin_slice(c, text, "end", lane->actor, lane->ended - 1, lane->ended);
    (void)fputc('}', c->out);
}

/* On the track of the lock: on that of its holder holds of several would overlap. */
static void put_hold(struct chrome *c, const struct hold *hold)
{
    char name[REGISTRY_NAME_MAX];
    char text[REGISTRY_NAME_MAX + 16];

    (void)snprintf(text, sizeof(text), "held by %s",
                   registry_name(c->trace->registry, c->timeline->lanes[hold->lane].actor, name));
    begin(c, "X", text);
    (void)fprintf(c->out, ",\"cat\":\"held\",\"pid\":%u,\"tid\":%u", group_of_locks(c),
                  hold->object);
    put_time(c, "ts", clock_at(c, hold->from));
    put_time(c, "dur", clock_at(c, hold->to) - clock_at(c, hold->from));
    (void)fputc('}', c->out);
}

/* Whether something of a lane begins in a column that an arrow can start from. */
static bool has_op(const struct timeline *t, uint32_t lane, uint32_t column)
{
    size_t low = 0;
    size_t high = t->op_count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (t->ops[middle].column < column)
            low = middle + 1;
        else
            high = middle;
    }
    while (low < t->op_count && t->ops[low].column == column && t->ops[low].lane != lane)
        low++;
    return (low < t->op_count && t->ops[low].column == column) ||
           t->lanes[lane].ended == column + 1;
}

/* An operation that pictures leave out, but that woke somebody. */
static void put_source(struct chrome *c, const struct arrow *arrow)
{
    const struct timeline *t = c->timeline;
    bool exact = false;
    const struct sim_event *e = timeline_event_at(t, arrow->column, &exact);

    if (e == NULL || has_op(t, arrow->from_lane, arrow->column))
        return;
    size_t at = (size_t)(e - c->trace->events);

    while (at < c->trace->event_count &&
           c->trace->events[at].actor != t->lanes[arrow->from_lane].actor)
        at++;
    put_op(c,
           &(struct op){.lane = arrow->from_lane, .column = arrow->column, .event = (uint32_t)at});
}

/* From the operation that wakes or starts somebody to the slice that begins with it. */
static void put_arrow(struct chrome *c, const struct arrow *arrow, size_t number)
{
    const char *name = arrow->kind == ARROW_WAKE ? "wake" : "spawn";

    for (int end = 0; end < 2; end++) {
        begin(c, end ? "f" : "s", name);
        put_text(c, "cat", name);
        (void)fprintf(c->out, ",\"id\":%zu%s", number + 1, end ? ",\"bp\":\"e\"" : "");
        put_track(c, c->timeline->lanes[end ? arrow->to_lane : arrow->from_lane].actor);
        put_time(c, "ts", clock_at(c, arrow->column + (end ? 1 : 0)));
        (void)fputc('}', c->out);
    }
}

static int64_t clock_of_step(const struct chrome *c, uint32_t step)
{
    return clock_at(c, timeline_column_of_step(c->timeline, step));
}

/* A step of the story, on the track of who did it. */
static void put_story_step(struct chrome *c, const struct finding_step *step, int number)
{
    uint32_t actor = step->actor;
    char text[FINDING_TEXT_MAX + 16];
    bool tracked = timeline_lane(c->timeline, actor) != UINT32_MAX;

    (void)snprintf(text, sizeof(text), "%d. %s", number, step->caption);
    begin(c, "i", text);
    put_text(c, "cat", "story");
    put_text(c, "s", tracked ? "t" : "g");
    if (tracked)
        put_track(c, actor);
    else
        (void)fprintf(c->out, ",\"pid\":%u,\"tid\":%u", group_of_threads(c), group_of_threads(c));
    put_time(c, "ts", clock_of_step(c, step->step));
    (void)fprintf(c->out, ",\"args\":{\"step\":%u", step->step);
    put_place(c, step->site);
    (void)fputs("}}", c->out);
}

/* When the last step of its story is done; at the end, if it has none. */
static void put_finding(struct chrome *c, const struct sim_finding *f)
{
    int64_t at = clock_at(c, c->timeline->columns);

    if (f->step_count > 0)
        at = clock_of_step(c, f->steps[f->step_count - 1].step);
    begin(c, "i", sim_finding_badge(f->kind));
    put_text(c, "cat", "finding");
    (void)fprintf(c->out, ",\"s\":\"g\",\"pid\":%u,\"tid\":%u", group_of_threads(c),
                  group_of_threads(c));
    put_time(c, "ts", at);
    (void)fputs(",\"args\":{\"kind\":", c->out);
    quote_json(c->out, sim_finding_name(f->kind));
    put_text(c, "sentence", f->sentence);
    (void)fprintf(c->out, ",\"also\":%u}}", f->also);
    for (int i = 0; i < f->step_count; i++)
        put_story_step(c, &f->steps[i], i + 1);
}

static void put_run(struct chrome *c, const struct render_options *options)
{
    (void)fputs("\n],\n\"displayTimeUnit\":\"ns\",\n\"otherData\":{\"program\":", c->out);
    quote_json(c->out, c->trace->program);
    put_text(c, "params", c->trace->params);
    put_text(c, "policy", c->trace->policy);
    put_text(c, "level", c->trace->level);
    put_text(c, "outcome", sim_outcome_name(c->trace->outcome));
    if (options->replay != NULL)
        put_text(c, "replay", options->replay);
    put_text(c, "clock", "virtual time; one microsecond a step where it stands still");
    (void)fputs("}}\n", c->out);
}

static void put_all(struct chrome *c, const struct render_options *options)
{
    const struct timeline *t = c->timeline;

    (void)fputs("{\"traceEvents\":[", c->out);
    put_names(c);
    /* Slices that hold others stand before them. */
    for (size_t i = 0; i < t->span_count; i++)
        put_span(c, &t->spans[i]);
    for (size_t i = 0; i < t->op_count; i++)
        put_op(c, &t->ops[i]);
    for (uint32_t i = 0; i < t->lane_count; i++)
        put_end(c, &t->lanes[i]);
    for (size_t i = 0; i < t->hold_count; i++)
        put_hold(c, &t->holds[i]);
    for (size_t i = 0; i < t->arrow_count; i++)
        if (i == 0 || t->arrows[i - 1].column != t->arrows[i].column)
            put_source(c, &t->arrows[i]);
    for (size_t i = 0; i < t->arrow_count; i++)
        put_arrow(c, &t->arrows[i], i);
    for (size_t i = 0; i < c->trace->finding_count; i++)
        put_finding(c, &c->trace->findings[i]);
    put_run(c, options);
}

bool render_chrome(const struct trace *trace, const struct render_options *options, FILE *out)
{
    struct chrome c = {.trace = trace, .timeline = timeline_new(trace), .out = out};
    bool ok = c.timeline != NULL && place_clock(&c) && find_loops(&c);

    if (ok)
        put_all(&c, options);
    timeline_free(c.timeline);
    free(c.clock);
    free(c.runs_loop);
    free(c.is_held);
    return ok;
}
