/* Reads trace files.  Nothing in the file is believed: every number is checked against what came
 * before, and memory grows with the bytes that are there, never with a count that the file claims.
 */
#include "sim/trace/file.h"

#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/base/status.h"
#include "sim/trace/file_format.h"
#include "sim/trace/trace.h"

#define FILE_MAX ((size_t)4 << 30)

/* Invariant: at <= line_end <= end; error is set once. */
struct reader {
    const char *at; /* in the current line */
    const char *line_end;
    const char *next; /* line */
    const char *end;
    const char *name;
    size_t line;
    struct trace *trace;
    char *error;
    size_t error_size;
    bool failed;
};

static bool fail(struct reader *in, const char *format, ...) __attribute__((format(printf, 2, 3)));

static bool fail(struct reader *in, const char *format, ...)
{
    char reason[160];
    va_list args;

    va_start(args, format);
    (void)vsnprintf(reason, sizeof(reason), format, args);
    va_end(args);
    if (!in->failed)
        (void)snprintf(in->error, in->error_size, "%s:%zu: %s", in->name, in->line, reason);
    in->failed = true;
    return false;
}

static bool next_line(struct reader *in)
{
    const char *newline = memchr(in->next, '\n', (size_t)(in->end - in->next));

    in->line++;
    if (newline == NULL)
        return fail(in, "the file ends in the middle: it was cut short");
    in->at = in->next;
    in->line_end = newline;
    in->next = newline + 1;
    return true;
}

/* The line begins with word, and then a space or its end. */
static bool take_word(struct reader *in, const char *word)
{
    size_t length = strlen(word);

    if ((size_t)(in->line_end - in->at) < length || memcmp(in->at, word, length) != 0 ||
        (in->at + length < in->line_end && in->at[length] != ' '))
        return fail(in, "expected '%s'", word);
    in->at += length;
    return true;
}

static bool take_space(struct reader *in)
{
    if (in->at == in->line_end || *in->at != ' ')
        return fail(in, "a field is missing");
    in->at++;
    return true;
}

static bool take_number(struct reader *in, int64_t min, int64_t max, int64_t *number)
{
    if (!take_space(in))
        return false;
    bool negative = in->at < in->line_end && *in->at == '-';
    uint64_t sum = 0;
    int digits = 0;

    for (in->at += negative; in->at < in->line_end && *in->at >= '0' && *in->at <= '9'; in->at++) {
        sum = sum * 10 + (uint64_t)(*in->at - '0');
        if (++digits > 19)
            break;
    }
    if (digits == 0 || digits > 19 || sum > (uint64_t)INT64_MAX + negative)
        return fail(in, "expected a whole number of 64 bits");
    *number = negative ? (int64_t)(0 - sum) : (int64_t)sum;
    if (*number < min || *number > max)
        return fail(in, "%" PRId64 " is not from %" PRId64 " to %" PRId64, *number, min, max);
    return true;
}

static bool take_u32(struct reader *in, uint32_t max, uint32_t *number)
{
    int64_t wide = 0;

    if (!take_number(in, 0, max, &wide))
        return false;
    *number = (uint32_t)wide;
    return true;
}

static bool take_end(struct reader *in)
{
    return in->at == in->line_end || fail(in, "something follows the last field");
}

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* One byte of an escaped text; -1 after a message. */
static int unescape(struct reader *in, const char *end)
{
    char c = *in->at++;

    if (c != '\\')
        return (unsigned char)c;
    c = in->at < end ? *in->at++ : '\0';
    if (c == '\\')
        return '\\';
    if (c == 'n')
        return '\n';
    if (c == 'x' && end - in->at >= 2) {
        int high = hex_digit(in->at[0]);
        int low = hex_digit(in->at[1]);

        in->at += 2;
        if (high >= 0 && low >= 0 && high + low > 0)
            return 16 * high + low;
    }
    (void)fail(in, "a backslash is not followed by '\\', 'n' or 'x' and two hexadecimal digits");
    return -1;
}

/* The text up to end, unescaped, in new memory; NULL after a message. */
static char *take_text(struct reader *in, const char *end)
{
    char *text = malloc((size_t)(end - in->at) + 1);
    size_t length = 0;

    if (text == NULL) {
        (void)fail(in, "out of memory");
        return NULL;
    }
    while (in->at < end) {
        int byte = *in->at == '\0' ? -1 : unescape(in, end);

        if (byte < 0) {
            (void)fail(in, "a text has a zero byte");
            free(text);
            return NULL;
        }
        text[length++] = (char)byte;
    }
    text[length] = '\0';
    return text;
}

/* The rest of the line, unescaped, into an array. */
static bool take_rest(struct reader *in, char *out, size_t size)
{
    char *text = take_space(in) ? take_text(in, in->line_end) : NULL;

    if (text == NULL)
        return false;
    bool fits = strlen(text) < size;

    if (fits)
        memcpy(out, text, strlen(text) + 1);
    free(text);
    return fits || fail(in, "a text is longer than %zu bytes", size - 1);
}

/* The next word as one of count names. */
static bool take_name(struct reader *in, const char *(*name_of)(unsigned), unsigned count,
                      uint8_t *index)
{
    if (!take_space(in))
        return false;
    const char *space = memchr(in->at, ' ', (size_t)(in->line_end - in->at));
    size_t length = (size_t)((space == NULL ? in->line_end : space) - in->at);

    for (unsigned i = 0; i < count; i++) {
        const char *name = name_of(i);

        if (memcmp(name, in->at, length < strlen(name) ? length : strlen(name)) == 0 &&
            strlen(name) == length) {
            in->at += length;
            *index = (uint8_t)i;
            return true;
        }
    }
    return fail(in, "'%.*s' is not a known name", (int)(length > 40 ? 40 : length), in->at);
}

static bool meta(struct reader *in, const char *key, char *out, size_t size)
{
    return next_line(in) && take_word(in, key) && take_rest(in, out, size);
}

static bool read_schedule(struct reader *in)
{
    char reason[128];

    if (!next_line(in) || !take_word(in, "schedule") || !take_space(in))
        return false;
    char *text = take_text(in, in->line_end);

    if (text == NULL)
        return false;
    bool ok = schedule_parse(&in->trace->schedule, text, reason, sizeof(reason));

    free(text);
    return ok || fail(in, "schedule: %s", reason);
}

static bool read_head(struct reader *in)
{
    struct trace *trace = in->trace;

    if (!next_line(in))
        return false;
    bool known = take_word(in, TRACE_FILE_MAGIC);
    bool current = known && take_space(in) && take_word(in, TRACE_FILE_VERSION) && take_end(in);

    if (!current) {
        in->failed = false; /* there is more to say than what is missing */
        return known ? fail(in, "a trace of a version that this program does not know (it "
                                "knows " TRACE_FILE_VERSION ")")
                     : fail(in, "this is not a trace");
    }
    return meta(in, "program", trace->program, sizeof(trace->program)) &&
           meta(in, "params", trace->params, sizeof(trace->params)) &&
           meta(in, "policy", trace->policy, sizeof(trace->policy)) &&
           meta(in, "level", trace->level, sizeof(trace->level)) && next_line(in) &&
           take_word(in, "outcome") &&
           take_name(in, sim_outcome_name, SIM_OUTCOME_COUNT, &trace->outcome) && take_end(in) &&
           read_schedule(in);
}

static bool read_count(struct reader *in, const char *key, uint32_t max, uint32_t *count)
{
    return next_line(in) && take_word(in, key) && take_u32(in, max, count) && take_end(in);
}

static bool read_site(struct reader *in)
{
    int64_t line = 0;

    if (!next_line(in) || !take_word(in, "s") || !take_number(in, 0, INT32_MAX, &line) ||
        !take_space(in))
        return false;
    const char *space = memchr(in->at, ' ', (size_t)(in->line_end - in->at));

    if (space == NULL)
        return fail(in, "a field is missing");
    char *func = take_text(in, space);
    char *file = func != NULL && take_space(in) ? take_text(in, in->line_end) : NULL;
    /* A malloced address may come again, and sites are interned by address: copy at once. */
    uint16_t before = registry_site_count(in->trace->registry);
    uint16_t id = file == NULL ? 0 : registry_site_copy(in->trace->registry, file, func, (int)line);

    free(func);
    free(file);
    return file != NULL &&
           (id == before + 1 || fail(in, "the same place twice, or too many places"));
}

static bool read_object(struct reader *in, uint32_t index)
{
    struct registry *reg = in->trace->registry;
    uint8_t kind = 0;
    uint32_t parent = 0;
    uint32_t site = 0;
    char *name = NULL;

    if (!next_line(in) || !take_word(in, "o") ||
        !take_name(in, sim_object_kind_name, SIM_OBJECT_COUNT, &kind) ||
        !take_u32(in, index, &parent) || !take_u32(in, registry_site_count(reg), &site))
        return false;
    if (in->at < in->line_end) {
        name = take_space(in) ? take_text(in, in->line_end) : NULL;
        if (name == NULL)
            return false;
    }
    uint32_t id = registry_add(reg, kind, name, parent, (uint16_t)site);

    free(name);
    return id != 0 || fail(in, "out of memory");
}

static bool read_text(struct reader *in)
{
    char *text =
        next_line(in) && take_word(in, "t") && take_space(in) ? take_text(in, in->line_end) : NULL;

    if (text == NULL)
        return false;
    uint32_t id = registry_text(in->trace->registry, text, strlen(text));

    free(text);
    return id != 0 || fail(in, "out of memory");
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
        return fail(in, "steps or times run backwards");
    if (last != NULL && last->kind == SIM_EV_END)
        return fail(in, "an event follows the end of the run");
    if (event->aux >= aux_count(event->kind))
        return fail(in, "aux %u is too large for '%s'", event->aux, sim_event_name(event->kind));
    if ((event->kind == SIM_EV_PRINT || event->kind == SIM_EV_CHECK ||
         event->kind == SIM_EV_RAISE) &&
        (event->value < 0 || event->value > (int64_t)registry_text_count(reg)))
        return fail(in, "there is no text %" PRId64, event->value);
    if ((event->kind == SIM_EV_WAKE || event->kind == SIM_EV_BLOCK) &&
        (event->value < 0 || event->value > (int64_t)registry_count(reg)))
        return fail(in, "there is no object %" PRId64, event->value);
    return true;
}

static bool read_event(struct reader *in)
{
    struct sim_event event = {0};
    uint32_t objects = registry_count(in->trace->registry);
    uint32_t aux = 0;
    uint32_t site = 0;

    if (!next_line(in) || !take_word(in, "e") || !take_number(in, 0, INT64_MAX, &event.time_ns) ||
        !take_u32(in, UINT32_MAX, &event.step) ||
        !take_name(in, sim_event_name, SIM_EVENT_COUNT, &event.kind) ||
        !take_u32(in, objects, &event.actor) || !take_u32(in, objects, &event.object) ||
        !take_u32(in, UINT8_MAX, &aux) || !take_number(in, INT64_MIN, INT64_MAX, &event.value) ||
        !take_u32(in, registry_site_count(in->trace->registry), &site) || !take_end(in))
        return false;
    event.aux = (uint8_t)aux;
    event.site = (uint16_t)site;
    return check_event(in, &event) &&
           (trace_add_event(in->trace, &event) || fail(in, "out of memory"));
}

static bool read_finding_step(struct reader *in, struct finding_step *step)
{
    const struct registry *reg = in->trace->registry;
    uint32_t site = 0;

    if (!next_line(in) || !take_word(in, "n") || !take_u32(in, UINT32_MAX, &step->step) ||
        !take_u32(in, registry_count(reg), &step->actor) ||
        !take_u32(in, registry_count(reg), &step->object) ||
        !take_u32(in, registry_site_count(reg), &site))
        return false;
    step->site = (uint16_t)site;
    return take_rest(in, step->caption, sizeof(step->caption));
}

static bool read_finding(struct reader *in)
{
    struct sim_finding finding;
    uint32_t objects = registry_count(in->trace->registry);
    uint32_t steps = 0;
    uint32_t edges = 0;

    memset(&finding, 0, sizeof(finding));
    if (!next_line(in) || !take_word(in, "f") ||
        !take_name(in, sim_finding_name, SIM_FINDING_COUNT, &finding.kind) ||
        !take_u32(in, UINT32_MAX, &finding.also) || !take_u32(in, FINDING_STEPS_MAX, &steps) ||
        !take_u32(in, FINDING_EDGES_MAX, &edges) ||
        !take_rest(in, finding.sentence, sizeof(finding.sentence)))
        return false;
    finding.step_count = (uint8_t)steps;
    finding.edge_count = (uint8_t)edges;
    for (uint32_t i = 0; i < steps; i++)
        if (!read_finding_step(in, &finding.steps[i]))
            return false;
    for (uint32_t i = 0; i < edges; i++)
        if (!next_line(in) || !take_word(in, "w") ||
            !take_u32(in, objects, &finding.edges[i].waiter) ||
            !take_u32(in, objects, &finding.edges[i].object) ||
            !take_u32(in, objects, &finding.edges[i].holder) || !take_end(in))
            return false;
    return trace_add_finding(in->trace, &finding) || fail(in, "out of memory");
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
    if (!next_line(in) || !take_word(in, TRACE_FILE_LAST_LINE) || !take_end(in))
        return false;
    in->line++;
    return in->next == in->end || fail(in, "something follows the end");
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

/* The whole file; NULL with errno set. */
static char *slurp(FILE *file, size_t *length)
{
    char *text = NULL;
    size_t capacity = 0;

    *length = 0;
    for (;;) {
        if (*length == capacity) {
            capacity = capacity == 0 ? 1 << 16 : 2 * capacity;
            char *longer = capacity > FILE_MAX ? NULL : realloc(text, capacity);

            if (longer == NULL) {
                free(text);
                errno = EFBIG;
                return NULL;
            }
            text = longer;
        }
        size_t got = fread(text + *length, 1, capacity - *length, file);

        *length += got;
        if (got == 0 && !ferror(file))
            return text;
        if (got == 0) {
            free(text);
            return NULL;
        }
    }
}

struct trace *trace_read(const char *path, char *error, size_t error_size)
{
    FILE *file = fopen(path, "rb");
    size_t length = 0;

    errno = file == NULL ? errno : 0;
    char *text = file == NULL ? NULL : slurp(file, &length);
    int why = errno;

    if (file != NULL)
        (void)fclose(file);
    if (text == NULL) {
        (void)snprintf(error, error_size, "%s: cannot read: %s", path, strerror(why));
        return NULL;
    }
    struct trace *trace = trace_parse(text, length, path, error, error_size);

    free(text);
    return trace;
}
