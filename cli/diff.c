#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/commands.h"
#include "cli/options.h"
#include "sim/trace/file.h"
#include "sim/trace/words.h"

enum { VALUES_MAX = 10 };

/* The two traces, and what has been said of them. */
struct diff {
    const struct trace *traces[2];
    const char *paths[2];
    bool different;
};

static bool same_name(const struct diff *diff, uint32_t a, uint32_t b)
{
    char left[REGISTRY_NAME_MAX];
    char right[REGISTRY_NAME_MAX];

    if (a == 0 || b == 0)
        return a == b;
    return strcmp(registry_name(diff->traces[0]->registry, a, left),
                  registry_name(diff->traces[1]->registry, b, right)) == 0;
}

/* Is the value of such an event the id of an object, of a text, or a number? */
enum meaning { A_NUMBER, AN_OBJECT, A_TEXT };

static enum meaning meaning_of(unsigned kind)
{
    switch (kind) {
    case SIM_EV_WAKE:
    case SIM_EV_BLOCK:
    case SIM_EV_SUBMIT:
    case SIM_EV_WORK:
        return AN_OBJECT;
    case SIM_EV_PRINT:
    case SIM_EV_CHECK:
    case SIM_EV_RAISE:
        return A_TEXT;
    default:
        return A_NUMBER;
    }
}

static bool same_value(const struct diff *diff, const struct sim_event *a,
                       const struct sim_event *b)
{
    switch (meaning_of(a->kind)) {
    case AN_OBJECT:
        return same_name(diff, (uint32_t)a->value, (uint32_t)b->value);
    case A_TEXT:
        return strcmp(registry_text_at(diff->traces[0]->registry, (uint32_t)a->value),
                      registry_text_at(diff->traces[1]->registry, (uint32_t)b->value)) == 0;
    case A_NUMBER:
    default:
        return a->value == b->value;
    }
}

/* The same doing of the same to the same, whatever came of it. */
static bool same_doing(const struct diff *diff, const struct sim_event *a,
                       const struct sim_event *b)
{
    return a->kind == b->kind && same_name(diff, a->actor, b->actor) &&
           same_name(diff, a->object, b->object);
}

static bool same_event(const struct diff *diff, const struct sim_event *a,
                       const struct sim_event *b)
{
    return same_doing(diff, a, b) && a->aux == b->aux && a->time_ns == b->time_ns &&
           same_value(diff, a, b);
}

static void print_event(const struct diff *diff, int side, size_t index)
{
    const struct trace *trace = diff->traces[side];
    char who[REGISTRY_NAME_MAX];
    char where[160];
    char what[640];

    if (index >= trace->event_count) {
        (void)printf("  %s: has ended\n", diff->paths[side]);
        return;
    }
    const struct sim_event *event = &trace->events[index];

    (void)words_place(trace->registry, event->site, where, sizeof(where));
    (void)printf("  %s: step %u: %s %s%s%s%s\n", diff->paths[side], event->step,
                 words_actor(trace->registry, event->actor, who),
                 words_event(trace->registry, event, what, sizeof(what)),
                 where[0] == '\0' ? "" : " (", where, where[0] == '\0' ? "" : ")");
}

/* The next event that is not a choice: those say why, and not what. */
static size_t skip_choices(const struct trace *trace, size_t index)
{
    while (index < trace->event_count && trace->events[index].kind == SIM_EV_CHOICE)
        index++;
    return index;
}

/* Where they part.  Returns false if they do not. */
static bool print_parting(struct diff *diff)
{
    size_t left = skip_choices(diff->traces[0], 0);
    size_t right = skip_choices(diff->traces[1], 0);

    while (left < diff->traces[0]->event_count && right < diff->traces[1]->event_count &&
           same_event(diff, &diff->traces[0]->events[left], &diff->traces[1]->events[right])) {
        left = skip_choices(diff->traces[0], left + 1);
        right = skip_choices(diff->traces[1], right + 1);
    }
    if (left >= diff->traces[0]->event_count && right >= diff->traces[1]->event_count)
        return false;
    diff->different = true;
    (void)puts("they part at");
    print_event(diff, 0, left);
    print_event(diff, 1, right);
    return true;
}

static bool has_value(unsigned kind)
{
    return kind == SIM_EV_READ || kind == SIM_EV_WRITE || kind == SIM_EV_ATOMIC_LOAD ||
           kind == SIM_EV_ATOMIC_STORE || kind == SIM_EV_ATOMIC_RMW || kind == SIM_EV_GET ||
           kind == SIM_EV_RECEIVE || kind == SIM_EV_DONE;
}

/* The event of the other trace that is the same doing for the same time; NULL if there is none.
 * next: for each event of the first trace, where to go on looking in the second. */
static const struct sim_event *twin_of(const struct diff *diff, size_t index, size_t *from)
{
    const struct sim_event *event = &diff->traces[0]->events[index];
    const struct trace *other = diff->traces[1];

    for (size_t i = *from; i < other->event_count; i++) {
        if (same_doing(diff, event, &other->events[i])) {
            *from = i + 1;
            return &other->events[i];
        }
    }
    *from = other->event_count;
    return NULL;
}

/* Where an actor's search for its next doing on an object goes on. */
struct cursor {
    uint32_t actor;
    uint32_t object;
    uint8_t kind;
    size_t from;
};

struct cursors {
    struct cursor *all; /* owned */
    size_t count;
};

static struct cursor *cursor_of(struct cursors *cursors, const struct sim_event *event)
{
    for (size_t i = 0; i < cursors->count; i++) {
        struct cursor *cursor = &cursors->all[i];

        if (cursor->actor == event->actor && cursor->object == event->object &&
            cursor->kind == event->kind)
            return cursor;
    }
    struct cursor *all = realloc(cursors->all, (cursors->count + 1) * sizeof(*all));

    if (all == NULL)
        return NULL;
    cursors->all = all;
    all[cursors->count] =
        (struct cursor){.actor = event->actor, .object = event->object, .kind = event->kind};
    return &all[cursors->count++];
}

static void print_value(const struct diff *diff, const struct sim_event *a,
                        const struct sim_event *b)
{
    char who[REGISTRY_NAME_MAX];
    char what[640];

    (void)printf("  %s %s at step %u; in the other %" PRId64 " at step %u\n",
                 words_actor(diff->traces[0]->registry, a->actor, who),
                 words_event(diff->traces[0]->registry, a, what, sizeof(what)), a->step, b->value,
                 b->step);
}

/* Values that differ though the same was done.  Returns false when out of memory. */
static bool print_values(struct diff *diff)
{
    struct cursors cursors = {0};
    size_t count = 0;
    bool ok = true;

    for (size_t i = 0; ok && i < diff->traces[0]->event_count; i++) {
        const struct sim_event *event = &diff->traces[0]->events[i];

        if (!has_value(event->kind))
            continue;
        struct cursor *cursor = cursor_of(&cursors, event);
        const struct sim_event *twin = cursor == NULL ? NULL : twin_of(diff, i, &cursor->from);

        ok = cursor != NULL;
        if (twin == NULL || (twin->value == event->value && twin->aux == event->aux))
            continue;
        if (count == 0)
            (void)puts("values that differ");
        if (count++ < VALUES_MAX)
            print_value(diff, event, twin);
    }
    if (count > VALUES_MAX)
        (void)printf("  and %zu more\n", count - VALUES_MAX);
    diff->different |= count > 0;
    free(cursors.all);
    return ok;
}

/* The nth line printed; NULL if there are not so many. */
static const char *line_of(const struct trace *trace, size_t *cursor)
{
    while (*cursor < trace->event_count) {
        const struct sim_event *event = &trace->events[(*cursor)++];

        if (event->kind == SIM_EV_PRINT)
            return registry_text_at(trace->registry, (uint32_t)event->value);
    }
    return NULL;
}

static void print_output(struct diff *diff)
{
    size_t cursors[2] = {0, 0};

    for (size_t line = 1;; line++) {
        const char *left = line_of(diff->traces[0], &cursors[0]);
        const char *right = line_of(diff->traces[1], &cursors[1]);

        if (left == NULL && right == NULL)
            return;
        if (left != NULL && right != NULL && strcmp(left, right) == 0)
            continue;
        diff->different = true;
        (void)printf("output differs at line %zu\n  %s: %s\n  %s: %s\n", line, diff->paths[0],
                     left == NULL ? "has ended" : left, diff->paths[1],
                     right == NULL ? "has ended" : right);
        return;
    }
}

static bool has_finding(const struct trace *trace, const struct sim_finding *finding)
{
    for (size_t i = 0; i < trace->finding_count; i++)
        if (trace->findings[i].kind == finding->kind &&
            strcmp(trace->findings[i].sentence, finding->sentence) == 0)
            return true;
    return false;
}

static void print_findings(struct diff *diff, int side)
{
    const struct trace *trace = diff->traces[side];
    bool first = true;

    for (size_t i = 0; i < trace->finding_count; i++) {
        const struct sim_finding *finding = &trace->findings[i];

        if (has_finding(diff->traces[1 - side], finding))
            continue;
        if (first)
            (void)printf("found only in %s\n", diff->paths[side]);
        (void)printf("  %s: %s\n", sim_finding_badge(finding->kind), finding->sentence);
        first = false;
        diff->different = true;
    }
}

static void print_heads(struct diff *diff)
{
    const struct trace *a = diff->traces[0];
    const struct trace *b = diff->traces[1];

    if (strcmp(a->program, b->program) != 0 || strcmp(a->params, b->params) != 0) {
        diff->different = true;
        (void)printf("not the same program: %s %s, and %s %s\n", a->program, a->params, b->program,
                     b->params);
    }
    if (a->outcome != b->outcome) {
        diff->different = true;
        (void)printf("%s: %s, and %s: %s\n", diff->paths[0], sim_outcome_words(a->outcome),
                     diff->paths[1], sim_outcome_words(b->outcome));
    }
}

static int compare(struct diff *diff)
{
    print_heads(diff);
    if (print_parting(diff) && !print_values(diff)) {
        cli_error("out of memory");
        return CLI_USAGE;
    }
    print_findings(diff, 0);
    print_findings(diff, 1);
    print_output(diff);
    if (diff->different)
        return CLI_FOUND;
    (void)printf("the same run: %zu events\n", diff->traces[0]->event_count);
    return CLI_CLEAN;
}

int command_diff(int argc, char **argv)
{
    struct cli_options options;
    char error[512];
    int status = CLI_USAGE;

    if (!cli_parse(&options, "diff", CLI_SECOND, argc, argv))
        return CLI_USAGE;
    if (options.second == NULL) {
        cli_error("diff needs two traces; see 'pickglass help diff'");
        return CLI_USAGE;
    }
    struct trace *left = trace_read(options.subject, error, sizeof(error));
    struct trace *right = left == NULL ? NULL : trace_read(options.second, error, sizeof(error));

    if (right == NULL) {
        cli_error("%s", error);
    } else {
        struct diff diff = {{left, right}, {options.subject, options.second}, false};

        status = compare(&diff);
    }
    trace_free(left);
    trace_free(right);
    return status;
}
