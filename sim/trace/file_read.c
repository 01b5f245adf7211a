/* Reads trace files.  Nothing in the file is believed: every number is checked against what came
 * before, and memory grows with the bytes that are there, never with a count that the file claims.
 */
#include "sim/trace/file.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/base/file.h"
#include "sim/base/status.h"
#include "sim/trace/file_format.h"
#include "sim/trace/reader.h"
#include "sim/trace/trace.h"

#define FILE_MAX ((size_t)4 << 30)

static bool meta(struct reader *in, const char *key, char *out, size_t size)
{
    return reader_next_line(in) && reader_word(in, key) && reader_rest(in, out, size);
}

static bool read_schedule(struct reader *in)
{
    return reader_next_line(in) && reader_word(in, "schedule") &&
           reader_schedule(in, &in->trace->schedule);
}

/* What is said only where it is not the usual. */
static bool read_freedom(struct reader *in)
{
    struct trace *trace = in->trace;
    int64_t early = 0;
    int64_t memory = 0;

    (void)snprintf(trace->time, sizeof(trace->time), "late");
    if (reader_next_begins(in, "time") &&
        !(meta(in, "time", trace->time, sizeof(trace->time)) &&
          (strcmp(trace->time, "explored") == 0 || reader_fail(in, "time is not explored"))))
        return false;
    if (reader_next_begins(in, "early") &&
        !(reader_next_line(in) && reader_word(in, "early") &&
          reader_number(in, 1, TRACE_EARLY_MOST, &early) && reader_end(in)))
        return false;
    trace->early = (uint32_t)early;
    if (reader_next_begins(in, "cancel") &&
        !(meta(in, "cancel", trace->cancel, sizeof(trace->cancel)) &&
          (trace->cancel[0] != '\0' || reader_fail(in, "nobody is named"))))
        return false;
    if (reader_next_begins(in, "memory") &&
        !reader_number_line(in, "memory", 1, INT64_MAX, &memory))
        return false;
    trace->max_memory = (uint64_t)memory;
    return true;
}

static bool read_head(struct reader *in)
{
    struct trace *trace = in->trace;

    if (!reader_next_line(in))
        return false;
    bool known = reader_word(in, TRACE_FILE_MAGIC);
    bool current =
        known && reader_space(in) && reader_word(in, TRACE_FILE_VERSION) && reader_end(in);

    if (!current) {
        in->failed = false; /* there is more to say than what is missing */
        return known ? reader_fail(in, "a trace of a version that this program does not know (it "
                                       "knows " TRACE_FILE_VERSION ")")
                     : reader_fail(in, "this is not a trace");
    }
    return meta(in, "program", trace->program, sizeof(trace->program)) &&
           meta(in, "params", trace->params, sizeof(trace->params)) &&
           meta(in, "policy", trace->policy, sizeof(trace->policy)) &&
           meta(in, "level", trace->level, sizeof(trace->level)) && read_freedom(in) &&
           reader_next_line(in) && reader_word(in, "outcome") &&
           reader_name(in, sim_outcome_name, SIM_OUTCOME_COUNT, &trace->outcome) &&
           reader_end(in) && read_schedule(in);
}

static bool read_count(struct reader *in, const char *key, uint32_t max, uint32_t *count)
{
    return reader_next_line(in) && reader_word(in, key) && reader_u32(in, max, count) &&
           reader_end(in);
}

static bool read_site(struct reader *in)
{
    int64_t line = 0;

    if (!reader_next_line(in) || !reader_word(in, "s") || !reader_number(in, 0, INT32_MAX, &line) ||
        !reader_space(in))
        return false;
    const char *space = memchr(in->at, ' ', (size_t)(in->line_end - in->at));

    if (space == NULL)
        return reader_fail(in, "a field is missing");
    char *func = reader_text(in, space);
    char *file = func != NULL && reader_space(in) ? reader_text(in, in->line_end) : NULL;
    /* A malloced address may come again, and sites are interned by address: copy at once. */
    uint16_t before = registry_site_count(in->trace->registry);
    uint16_t id = file == NULL ? 0 : registry_site_copy(in->trace->registry, file, func, (int)line);

    free(func);
    free(file);
    return file != NULL &&
           (id == before + 1 || reader_fail(in, "the same place twice, or too many places"));
}

static bool read_object(struct reader *in, uint32_t index)
{
    struct registry *reg = in->trace->registry;
    uint8_t kind = 0;
    uint32_t parent = 0;
    uint32_t site = 0;
    char *name = NULL;

    if (!reader_next_line(in) || !reader_word(in, "o") ||
        !reader_name(in, sim_object_kind_name, SIM_OBJECT_COUNT, &kind) ||
        !reader_u32(in, index, &parent) || !reader_u32(in, registry_site_count(reg), &site))
        return false;
    if (in->at < in->line_end) {
        name = reader_space(in) ? reader_text(in, in->line_end) : NULL;
        if (name == NULL)
            return false;
    }
    uint32_t id = registry_add(reg, kind, name, parent, (uint16_t)site);

    free(name);
    return id != 0 || reader_fail(in, "out of memory");
}

static bool read_text(struct reader *in)
{
    char *text = reader_next_line(in) && reader_word(in, "t") && reader_space(in)
                     ? reader_text(in, in->line_end)
                     : NULL;

    if (text == NULL)
        return false;
    uint32_t id = registry_text(in->trace->registry, text, strlen(text));

    free(text);
    return id != 0 || reader_fail(in, "out of memory");
}

static bool read_registry(struct reader *in)
{
    uint32_t count = 0;

    if (!read_count(in, "sites", UINT16_MAX, &count))
        return false;
    for (uint32_t i = 0; i < count; i++)
        if (!read_site(in))
            return false;
    if (!read_count(in, "objects", UINT32_MAX, &count))
        return false;
    for (uint32_t i = 0; i < count; i++)
        if (!read_object(in, i))
            return false;
    if (!read_count(in, "texts", UINT32_MAX, &count))
        return false;
    for (uint32_t i = 0; i < count; i++)
        if (!read_text(in))
            return false;
    return true;
}

/* How far aux may go for a kind. */
static unsigned aux_count(unsigned kind)
{
    switch (kind) {
    case SIM_EV_SUSPEND:
        return SIM_WAIT_COUNT;
    case SIM_EV_END:
        return SIM_OUTCOME_COUNT;
    case SIM_EV_DONE:
    case SIM_EV_RAISE:
    case SIM_EV_RESULT:
    case SIM_EV_COMPLETE:
    case SIM_EV_COND_WOKEN:
    case SIM_EV_BARRIER_LEAVE:
        return SIM_STATUS_COUNT;
    default:
        return UINT8_MAX + 1;
    }
}

static bool check_event(struct reader *in, const struct sim_event *event)
{
    const struct registry *reg = in->trace->registry;
    size_t count = in->trace->event_count;
    const struct sim_event *last = count == 0 ? NULL : &in->trace->events[count - 1];

    if (last != NULL && (event->step < last->step || event->time_ns < last->time_ns))
        return reader_fail(in, "steps or times run backwards");
    if (last != NULL && last->kind == SIM_EV_END)
        return reader_fail(in, "an event follows the end of the run");
    if (event->aux >= aux_count(event->kind))
        return reader_fail(in, "aux %u is too large for '%s'", event->aux,
                           sim_event_name(event->kind));
    if ((event->kind == SIM_EV_PRINT || event->kind == SIM_EV_CHECK ||
         event->kind == SIM_EV_RAISE) &&
        (event->value < 0 || event->value > (int64_t)registry_text_count(reg)))
        return reader_fail(in, "there is no text %" PRId64, event->value);
    if ((event->kind == SIM_EV_WAKE || event->kind == SIM_EV_BLOCK) &&
        (event->value < 0 || event->value > (int64_t)registry_count(reg)))
        return reader_fail(in, "there is no object %" PRId64, event->value);
    return true;
}

static bool read_event(struct reader *in)
{
    struct sim_event event = {0};
    uint32_t objects = registry_count(in->trace->registry);
    uint32_t aux = 0;
    uint32_t site = 0;

    if (!reader_next_line(in) || !reader_word(in, "e") ||
        !reader_number(in, 0, INT64_MAX, &event.time_ns) ||
        !reader_u32(in, UINT32_MAX, &event.step) ||
        !reader_name(in, sim_event_name, SIM_EVENT_COUNT, &event.kind) ||
        !reader_u32(in, objects, &event.actor) || !reader_u32(in, objects, &event.object) ||
        !reader_u32(in, UINT8_MAX, &aux) ||
        !reader_number(in, INT64_MIN, INT64_MAX, &event.value) ||
        !reader_u32(in, registry_site_count(in->trace->registry), &site) || !reader_end(in))
        return false;
    event.aux = (uint8_t)aux;
    event.site = (uint16_t)site;
    return check_event(in, &event) &&
           (trace_add_event(in->trace, &event) || reader_fail(in, "out of memory"));
}

static bool read_finding_step(struct reader *in, struct finding_step *step)
{
    const struct registry *reg = in->trace->registry;
    uint32_t site = 0;

    if (!reader_next_line(in) || !reader_word(in, "n") ||
        !reader_u32(in, UINT32_MAX, &step->step) ||
        !reader_u32(in, registry_count(reg), &step->actor) ||
        !reader_u32(in, registry_count(reg), &step->object) ||
        !reader_u32(in, registry_site_count(reg), &site))
        return false;
    step->site = (uint16_t)site;
    return reader_rest(in, step->caption, sizeof(step->caption));
}

static bool read_finding(struct reader *in)
{
    struct sim_finding finding;
    uint32_t objects = registry_count(in->trace->registry);
    uint32_t steps = 0;
    uint32_t edges = 0;

    memset(&finding, 0, sizeof(finding));
    if (!reader_next_line(in) || !reader_word(in, "f") ||
        !reader_name(in, sim_finding_name, SIM_FINDING_COUNT, &finding.kind) ||
        !reader_u32(in, UINT32_MAX, &finding.also) || !reader_u32(in, FINDING_STEPS_MAX, &steps) ||
        !reader_u32(in, FINDING_EDGES_MAX, &edges) ||
        !reader_rest(in, finding.sentence, sizeof(finding.sentence)))
        return false;
    finding.step_count = (uint8_t)steps;
    finding.edge_count = (uint8_t)edges;
    for (uint32_t i = 0; i < steps; i++)
        if (!read_finding_step(in, &finding.steps[i]))
            return false;
    for (uint32_t i = 0; i < edges; i++)
        if (!reader_next_line(in) || !reader_word(in, "w") ||
            !reader_u32(in, objects, &finding.edges[i].waiter) ||
            !reader_u32(in, objects, &finding.edges[i].object) ||
            !reader_u32(in, objects, &finding.edges[i].holder) || !reader_end(in))
            return false;
    return trace_add_finding(in->trace, &finding) || reader_fail(in, "out of memory");
}

static bool read_all(struct reader *in)
{
    uint32_t count = 0;

    if (!read_head(in) || !read_registry(in) || !read_count(in, "events", UINT32_MAX, &count))
        return false;
    for (uint32_t i = 0; i < count; i++)
        if (!read_event(in))
            return false;
    if (!read_count(in, "findings", 1000000, &count))
        return false;
    for (uint32_t i = 0; i < count; i++)
        if (!read_finding(in))
            return false;
    if (!reader_next_line(in) || !reader_word(in, TRACE_FILE_LAST_LINE) || !reader_end(in))
        return false;
    in->line++;
    return in->next == in->end || reader_fail(in, "something follows the end");
}

struct trace *trace_parse(const char *text, size_t length, const char *name, char *error,
                          size_t error_size)
{
    struct reader in = {.next = text,
                        .end = text + length,
                        .name = name,
                        .trace = trace_new(),
                        .error = error,
                        .error_size = error_size};

    error[0] = '\0';
    if (in.trace == NULL) {
        (void)snprintf(error, error_size, "%s: out of memory", name);
        return NULL;
    }
    if (read_all(&in))
        return in.trace;
    trace_free(in.trace);
    return NULL;
}

struct trace *trace_read(const char *path, char *error, size_t error_size)
{
    size_t length = 0;
    char *text = file_read(path, FILE_MAX, &length, error, error_size);

    if (text == NULL)
        return NULL;
    struct trace *trace = trace_parse(text, length, path, error, error_size);

    free(text);
    return trace;
}
