#include "sim/policy/order_spec.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/base/vec.h"
#include "sim/trace/event.h"

bool order_is_operation(unsigned event_kind)
{
    static const bool schedules[SIM_EVENT_COUNT] = {
        [SIM_EV_RESUME] = true, [SIM_EV_SUSPEND] = true,    [SIM_EV_PREEMPT] = true,
        [SIM_EV_WAKE] = true,   [SIM_EV_RETRIEVE] = true,   [SIM_EV_TIMER] = true,
        [SIM_EV_FIRE] = true,   [SIM_EV_BLOCK] = true,      [SIM_EV_COND_WOKEN] = true,
        [SIM_EV_CHOICE] = true, [SIM_EV_LOOP_CLOSE] = true, [SIM_EV_PENDING] = true,
        [SIM_EV_END] = true,
    };

    return event_kind < SIM_EVENT_COUNT && !schedules[event_kind];
}

void order_spec_free(struct order_spec *spec)
{
    free(spec->events);
    free(spec->pairs);
    memset(spec, 0, sizeof(*spec));
}

static bool same_event(const struct order_event *a, const struct order_event *b)
{
    return a->op == b->op && a->nth == b->nth && strcmp(a->actor, b->actor) == 0 &&
           strcmp(a->object, b->object) == 0;
}

bool order_spec_event(struct order_spec *spec, const struct order_event *event, uint32_t *place)
{
    for (*place = 0; *place < spec->event_count; ++*place)
        if (same_event(&spec->events[*place], event))
            return true;
    if (spec->event_count == ORDER_EVENTS_MAX ||
        !vec_reserve(&spec->events, spec->event_count + 1, &spec->event_capacity,
                     sizeof(*spec->events)))
        return false;
    spec->events[spec->event_count++] = *event;
    return true;
}

bool order_spec_pair(struct order_spec *spec, uint32_t before, uint32_t after)
{
    for (size_t i = 0; i < spec->pair_count; i++)
        if (spec->pairs[i].before == before && spec->pairs[i].after == after)
            return true;
    if (!vec_reserve(&spec->pairs, spec->pair_count + 1, &spec->pair_capacity,
                     sizeof(*spec->pairs)))
        return false;
    spec->pairs[spec->pair_count++] = (struct order_pair){before, after};
    return true;
}

/* ---- Writing. ---- */

static size_t append(char *out, size_t size, size_t used, const char *text)
{
    int length = used < size ? snprintf(out + used, size - used, "%s", text) : 0;

    return used + (length > 0 ? (size_t)length : 0);
}

static size_t append_name(char *out, size_t size, size_t used, const char *name, bool may_be_empty)
{
    size_t length = strlen(name);
    bool plain = strcspn(name, ".,<()[]\"\\") == length &&
                 (length > 0 ? name[0] != ' ' && name[length - 1] != ' ' : may_be_empty);

    if (plain)
        return append(out, size, used, name);
    used = append(out, size, used, "\"");
    for (const char *at = name; *at != '\0'; at++) {
        char text[3] = {*at, '\0', '\0'};

        if (*at == '"' || *at == '\\') {
            text[0] = '\\';
            text[1] = *at;
        }
        used = append(out, size, used, text);
    }
    return append(out, size, used, "\"");
}

char *order_event_format(const struct order_event *event, char out[ORDER_TEXT_MAX])
{
    size_t used = append_name(out, ORDER_TEXT_MAX, 0, event->actor, false);
    char number[16] = "";

    used = append(out, ORDER_TEXT_MAX, used, ".");
    used = append(out, ORDER_TEXT_MAX, used, sim_event_name(event->op));
    used = append(out, ORDER_TEXT_MAX, used, "(");
    used = append_name(out, ORDER_TEXT_MAX, used, event->object, true);
    if (event->nth > 1)
        (void)snprintf(number, sizeof(number), "[%u]", event->nth);
    used = append(out, ORDER_TEXT_MAX, used, ")");
    (void)append(out, ORDER_TEXT_MAX, used, number);
    return out;
}

char *order_spec_format(const struct order_spec *spec)
{
    char event[ORDER_TEXT_MAX];
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);

    if (out == NULL)
        return NULL;
    for (size_t i = 0; i < spec->pair_count; i++) {
        const struct order_pair *pair = &spec->pairs[i];
        bool chain = i > 0 && spec->pairs[i - 1].after == pair->before;

        if (!chain)
            (void)fprintf(out, "%s%s", i > 0 ? ", " : "",
                          order_event_format(&spec->events[pair->before], event));
        (void)fprintf(out, " < %s", order_event_format(&spec->events[pair->after], event));
    }
    if (fclose(out) == 0)
        return text;
    free(text);
    return NULL;
}

/* ---- Reading. ---- */

struct parser {
    struct order_spec *spec;
    const char *text;
    const char *at;
    const char *wrong; /* NULL: nothing yet */
};

static bool fails(struct parser *parser, const char *why)
{
    if (parser->wrong == NULL)
        parser->wrong = why;
    return false;
}

static void skip_spaces(struct parser *parser)
{
    while (*parser->at == ' ' || *parser->at == '\t' || *parser->at == '\n')
        parser->at++;
}

static bool expect(struct parser *parser, char what, const char *why)
{
    skip_spaces(parser);
    if (*parser->at != what)
        return fails(parser, why);
    parser->at++;
    return true;
}

static bool read_quoted(struct parser *parser, char *name)
{
    size_t length = 0;

    for (parser->at++; *parser->at != '"'; parser->at++) {
        if (*parser->at == '\\' && (parser->at[1] == '"' || parser->at[1] == '\\'))
            parser->at++;
        if (*parser->at == '\0')
            return fails(parser, "a name in double quotes does not end");
        if (length == REGISTRY_NAME_MAX - 1)
            return fails(parser, "a name is longer than 127 bytes");
        name[length++] = *parser->at;
    }
    parser->at++;
    name[length] = '\0';
    return true;
}

/* A name in double quotes, or up to one of the signs that have a meaning, without the spaces around
 * it. */
static bool read_name(struct parser *parser, char *name, const char *if_empty)
{
    skip_spaces(parser);
    if (*parser->at == '"')
        return read_quoted(parser, name);
    size_t length = strcspn(parser->at, ".,<()[]\"\\");
    const char *begin = parser->at;
    const char *end = begin + length;

    while (end > begin && (end[-1] == ' ' || end[-1] == '\t' || end[-1] == '\n'))
        end--;
    if (end == begin && if_empty != NULL)
        return fails(parser, if_empty);
    if (end - begin > REGISTRY_NAME_MAX - 1)
        return fails(parser, "a name is longer than 127 bytes");
    memcpy(name, begin, (size_t)(end - begin));
    name[end - begin] = '\0';
    parser->at = begin + length;
    return true;
}

static bool read_operation(struct parser *parser, struct order_event *event)
{
    skip_spaces(parser);
    size_t length = strspn(parser->at, "abcdefghijklmnopqrstuvwxyz_");

    for (unsigned kind = 0; length > 0 && kind < SIM_EVENT_COUNT; kind++) {
        const char *name = sim_event_name(kind);

        if (strlen(name) != length || memcmp(name, parser->at, length) != 0)
            continue;
        if (!order_is_operation(kind))
            return fails(parser, "this is done to a program, not by it");
        event->op = (uint8_t)kind;
        parser->at += length;
        return true;
    }
    return fails(parser, "expected an operation, as read, write, acquire or notify");
}

static bool read_number(struct parser *parser, uint32_t *number)
{
    uint32_t value = 0;

    skip_spaces(parser);
    for (; *parser->at >= '0' && *parser->at <= '9' && value < 100000000; parser->at++)
        value = value * 10 + (uint32_t)(*parser->at - '0');
    if (value == 0 || (*parser->at >= '0' && *parser->at <= '9'))
        return fails(parser, "expected a number from 1 to 999999999");
    *number = value;
    return expect(parser, ']', "expected ']'");
}

static bool read_event(struct parser *parser, uint32_t *place)
{
    struct order_event event = {.nth = 1};

    if (!read_name(parser, event.actor, "expected the name of a task or thread") ||
        !expect(parser, '.', "expected '.' and an operation") || !read_operation(parser, &event) ||
        !expect(parser, '(', "expected '(' and the name of an object") ||
        !read_name(parser, event.object, NULL) || !expect(parser, ')', "expected ')'"))
        return false;
    skip_spaces(parser);
    if (*parser->at == '[') {
        parser->at++;
        if (!read_number(parser, &event.nth))
            return false;
    }
    skip_spaces(parser);
    return order_spec_event(parser->spec, &event, place) ||
           fails(parser, "more than 1000 events, or out of memory");
}

/* The signs between events: true if any is '<'. */
static bool has_less(const char *text)
{
    bool quoted = false;

    for (; *text != '\0'; text++) {
        if (quoted && *text == '\\' && text[1] != '\0')
            text++;
        else if (*text == '"')
            quoted = !quoted;
        else if (*text == '<' && !quoted)
            return true;
    }
    return false;
}

/* Is there a way from one event to another? */
static bool leads(const struct order_spec *spec, uint32_t from, uint32_t to, bool *seen)
{
    bool more = true;

    memset(seen, 0, spec->event_count * sizeof(*seen));
    seen[from] = true;
    while (more && !seen[to]) {
        more = false;
        for (size_t i = 0; i < spec->pair_count; i++) {
            const struct order_pair *pair = &spec->pairs[i];

            if (seen[pair->before] && !seen[pair->after])
                more = seen[pair->after] = true;
        }
    }
    return seen[to];
}

static bool add_pair(struct parser *parser, uint32_t before, uint32_t after, const char *begin)
{
    struct order_spec *spec = parser->spec;
    bool seen[ORDER_EVENTS_MAX];

    if (leads(spec, after, before, seen)) {
        parser->at = begin;
        return fails(parser, "this contradicts what stands before it: the event would have to come "
                             "before itself");
    }
    return order_spec_pair(spec, before, after) || fails(parser, "out of memory");
}

static bool read_chain(struct parser *parser, bool commas)
{
    uint32_t before = 0;
    uint32_t after = 0;

    if (!read_event(parser, &before))
        return false;
    if (!commas && *parser->at != '<')
        return fails(parser, "expected '<' and the event that comes later");
    while (*parser->at == (commas ? ',' : '<')) {
        const char *begin = ++parser->at;

        if (!read_event(parser, &after) || !add_pair(parser, before, after, begin))
            return false;
        before = after;
    }
    return true;
}

bool order_spec_parse(struct order_spec *spec, const char *text, char *error, size_t error_size)
{
    struct parser parser = {.spec = spec, .text = text, .at = text};
    bool commas = !has_less(text);

    order_spec_free(spec);
    bool ok = read_chain(&parser, commas);

    while (ok && *parser.at == ',') {
        parser.at++;
        ok = read_chain(&parser, commas);
    }
    if (ok && *parser.at != '\0')
        ok = fails(&parser, commas ? "expected ',' and another event, or the end"
                                   : "expected '<', ',' or the end");
    if (ok)
        return true;
    (void)snprintf(error, error_size, "column %zu: %s", (size_t)(parser.at - text) + 1,
                   parser.wrong);
    order_spec_free(spec);
    return false;
}
