#include "sim/trace/file.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/base/file.h"
#include "sim/trace/file_format.h"
#include "sim/trace/trace.h"

/* A string that grows.  Invariant: failed, or length <= capacity. */
struct buffer {
    char *text;
    size_t length;
    size_t capacity;
    bool failed;
};

static bool reserve(struct buffer *out, size_t more)
{
    if (out->failed || out->length + more <= out->capacity)
        return !out->failed;
    size_t capacity = 2 * (out->length + more) + 4096;
    char *text = realloc(out->text, capacity);

    out->failed = text == NULL;
    if (text == NULL)
        return false;
    out->text = text;
    out->capacity = capacity;
    return true;
}

static void put(struct buffer *out, const char *text)
{
    size_t length = strlen(text);

    if (reserve(out, length)) {
        memcpy(out->text + out->length, text, length);
        out->length += length;
    }
}

static void put_char(struct buffer *out, char c)
{
    if (reserve(out, 1))
        out->text[out->length++] = c;
}

static void put_number(struct buffer *out, int64_t number)
{
    char digits[24];
    size_t at = sizeof(digits);
    uint64_t rest = number < 0 ? 0 - (uint64_t)number : (uint64_t)number;

    do {
        digits[--at] = (char)('0' + rest % 10);
        rest /= 10;
    } while (rest > 0);
    if (number < 0)
        digits[--at] = '-';
    if (reserve(out, sizeof(digits) - at)) {
        memcpy(out->text + out->length, digits + at, sizeof(digits) - at);
        out->length += sizeof(digits) - at;
    }
}

static void put_field(struct buffer *out, int64_t number)
{
    put_char(out, ' ');
    put_number(out, number);
}

/* Any bytes as one readable line: backslash and control characters are escaped. */
static void put_text(struct buffer *out, const char *text)
{
    static const char hex[] = "0123456789abcdef";

    for (; *text != '\0'; text++) {
        unsigned char c = (unsigned char)*text;

        if (c >= 0x20 && c != 0x7f && c != '\\') {
            put_char(out, (char)c);
            continue;
        }
        put_char(out, '\\');
        if (c == '\\' || c == '\n') {
            put_char(out, c == '\n' ? 'n' : '\\');
            continue;
        }
        put_char(out, 'x');
        put_char(out, hex[c >> 4]);
        put_char(out, hex[c & 15]);
    }
}

static void put_line(struct buffer *out, const char *key, const char *text)
{
    put(out, key);
    put_char(out, ' ');
    put_text(out, text);
    put_char(out, '\n');
}

static void put_count(struct buffer *out, const char *key, size_t count)
{
    put(out, key);
    put_field(out, (int64_t)count);
    put_char(out, '\n');
}

static void put_head(struct buffer *out, const struct trace *trace)
{
    char *schedule = schedule_format(&trace->schedule);

    put(out, TRACE_FILE_FIRST_LINE "\n");
    put_line(out, "program", trace->program);
    put_line(out, "params", trace->params);
    put_line(out, "policy", trace->policy);
    put_line(out, "level", trace->level);
    /* Said only where it is not the usual. */
    if (trace->time[0] != '\0' && strcmp(trace->time, "late") != 0)
        put_line(out, "time", trace->time);
    if (trace->early != 0)
        put_count(out, "early", trace->early);
    if (trace->cancel[0] != '\0')
        put_line(out, "cancel", trace->cancel);
    if (trace->max_memory != 0)
        put_count(out, "memory", trace->max_memory);
    put_line(out, "outcome", sim_outcome_name(trace->outcome));
    out->failed |= schedule == NULL;
    put_line(out, "schedule", schedule == NULL ? "" : schedule);
    free(schedule);
}

static void put_registry(struct buffer *out, const struct registry *reg)
{
    put_count(out, "sites", registry_site_count(reg));
    for (unsigned id = 1; id <= registry_site_count(reg); id++) {
        const struct sim_site *site = registry_site_at(reg, (uint16_t)id);

        put_char(out, 's');
        put_field(out, site->line);
        put_char(out, ' ');
        put_text(out, site->func);
        put_char(out, ' ');
        put_text(out, site->file);
        put_char(out, '\n');
    }
    put_count(out, "objects", registry_count(reg));
    for (uint32_t id = 1; id <= registry_count(reg); id++) {
        const struct sim_object *object = registry_object(reg, id);

        put(out, "o ");
        put(out, sim_object_kind_name(object->kind));
        put_field(out, object->parent);
        put_field(out, object->site);
        if (object->name != NULL) {
            put_char(out, ' ');
            put_text(out, object->name);
        }
        put_char(out, '\n');
    }
    put_count(out, "texts", registry_text_count(reg));
    for (uint32_t id = 1; id <= registry_text_count(reg); id++)
        put_line(out, "t", registry_text_at(reg, id));
}

static void put_events(struct buffer *out, const struct trace *trace)
{
    put_count(out, "events", trace->event_count);
    for (size_t i = 0; i < trace->event_count; i++) {
        const struct sim_event *event = &trace->events[i];

        put_char(out, 'e');
        put_field(out, event->time_ns);
        put_field(out, event->step);
        put_char(out, ' ');
        put(out, sim_event_name(event->kind));
        put_field(out, event->actor);
        put_field(out, event->object);
        put_field(out, event->aux);
        put_field(out, event->value);
        put_field(out, event->site);
        put_char(out, '\n');
    }
}

static void put_finding(struct buffer *out, const struct sim_finding *finding)
{
    put(out, "f ");
    put(out, sim_finding_name(finding->kind));
    put_field(out, finding->also);
    put_field(out, finding->step_count);
    put_field(out, finding->edge_count);
    put_char(out, ' ');
    put_text(out, finding->sentence);
    put_char(out, '\n');
    for (int i = 0; i < finding->step_count; i++) {
        const struct finding_step *step = &finding->steps[i];

        put_char(out, 'n');
        put_field(out, step->step);
        put_field(out, step->actor);
        put_field(out, step->object);
        put_field(out, step->site);
        put_char(out, ' ');
        put_text(out, step->caption);
        put_char(out, '\n');
    }
    for (int i = 0; i < finding->edge_count; i++) {
        put_char(out, 'w');
        put_field(out, finding->edges[i].waiter);
        put_field(out, finding->edges[i].object);
        put_field(out, finding->edges[i].holder);
        put_char(out, '\n');
    }
}

char *trace_format(const struct trace *trace, size_t *length)
{
    struct buffer out = {0};

    put_head(&out, trace);
    put_registry(&out, trace->registry);
    put_events(&out, trace);
    put_count(&out, "findings", trace->finding_count);
    for (size_t i = 0; i < trace->finding_count; i++)
        put_finding(&out, &trace->findings[i]);
    put(&out, TRACE_FILE_LAST_LINE "\n");
    put_char(&out, '\0');
    if (out.failed) {
        free(out.text);
        return NULL;
    }
    *length = out.length - 1;
    return out.text;
}

bool trace_write(const struct trace *trace, const char *path, char *error, size_t error_size)
{
    size_t length = 0;
    char *text = trace_format(trace, &length);

    if (text == NULL) {
        (void)snprintf(error, error_size, "%s: cannot write: out of memory", path);
        return false;
    }
    bool ok = file_replace(path, text, length, error, error_size);

    free(text);
    return ok;
}
