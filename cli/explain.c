#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/commands.h"
#include "cli/fate.h"
#include "cli/options.h"
#include "cli/words.h"
#include "sim/trace/file.h"

enum { ROWS_MAX = 40, WHAT_MAX = 2 * FINDING_TEXT_MAX };

/* One line of the table. */
struct row {
    uint32_t step;
    int number; /* of the step in the story; 0: it only stands beside it */
    char who[REGISTRY_NAME_MAX];
    char where[160];
    char what[WHAT_MAX];
};

struct table {
    const struct trace *trace;
    const struct sim_finding *finding;
    struct row rows[ROWS_MAX];
    int count;
    size_t left_out;
};

/* The number of a step in the story; 0 if it is not in it. */
static int number_of(const struct sim_finding *finding, uint32_t step, uint32_t actor)
{
    for (int i = 0; i < finding->step_count; i++)
        if (finding->steps[i].step == step && finding->steps[i].actor == actor)
            return i + 1;
    return 0;
}

/* Is this one of the things that the story is about? */
static bool concerns(const struct table *table, uint32_t object)
{
    const struct sim_finding *finding = table->finding;

    for (int i = 0; object != 0 && i < finding->step_count; i++)
        if (finding->steps[i].object == object)
            return true;
    for (int i = 0; object != 0 && i < finding->edge_count; i++)
        if (finding->edges[i].object == object)
            return true;
    return false;
}

/* The story's caption begins with who it is about; the table says that already. */
static const char *without_name(const char *caption, const char *who)
{
    size_t length = strlen(who);

    return strncmp(caption, who, length) == 0 && caption[length] == ' ' ? caption + length + 1
                                                                        : caption;
}

static void add_row(struct table *table, const struct sim_event *event, int number)
{
    if (table->count == ROWS_MAX) {
        table->left_out++;
        return;
    }
    struct row *row = &table->rows[table->count++];

    row->step = event->step;
    row->number = number;
    (void)words_actor(table->trace, event->actor, row->who);
    (void)words_place(table->trace, event->site, row->where, sizeof(row->where));
    if (number > 0)
        (void)snprintf(row->what, sizeof(row->what), "%s",
                       without_name(table->finding->steps[number - 1].caption, row->who));
    else
        (void)words_event(table->trace, event, row->what, sizeof(row->what));
}

/* An event that tells something about an object of the story. */
static bool is_telling(const struct sim_event *event)
{
    return event->kind != SIM_EV_WAKE && event->kind != SIM_EV_CHOICE &&
           event->kind != SIM_EV_RETRIEVE && event->kind != SIM_EV_END &&
           event->kind != SIM_EV_INSPECT && event->kind != SIM_EV_PROPERTY;
}

/* What was explored, and so belongs to every story that came of it. */
static bool is_explored(const struct sim_event *event)
{
    return (event->kind == SIM_EV_CLOCK && event->aux == 1) ||
           (event->kind == SIM_EV_CANCEL && event->aux != 0) ||
           (event->kind == SIM_EV_COND_WOKEN && event->value == 1);
}

/* Fill the table: the steps of the story, and what else was done to its objects meanwhile. */
static void fill(struct table *table)
{
    const struct trace *trace = table->trace;
    const struct sim_finding *finding = table->finding;
    uint32_t told = 0; /* the step whose row is in the table */
    uint32_t last = 0;

    for (int i = 0; i < finding->step_count; i++)
        if (finding->steps[i].step > last)
            last = finding->steps[i].step;
    for (size_t i = 0; i < trace->event_count && trace->events[i].step <= last; i++) {
        const struct sim_event *event = &trace->events[i];
        int number = number_of(finding, event->step, event->actor);

        if (!is_telling(event) || event->step == told ||
            (number == 0 && !concerns(table, event->object) && !is_explored(event)))
            continue;
        add_row(table, event, number);
        told = event->step;
    }
}

/* As many columns on a terminal as the text has characters. */
static int width(const char *text)
{
    int columns = 0;

    for (; *text != '\0'; text++)
        columns += ((unsigned char)*text & 0xc0) != 0x80;
    return columns;
}

static void put(const char *text, int columns)
{
    (void)printf("%s%*s", text, columns - width(text) + 2, "");
}

static void print_table(const struct table *table)
{
    int who = width("who");
    int where = width("where");

    for (int i = 0; i < table->count; i++) {
        const struct row *row = &table->rows[i];

        who = width(row->who) > who ? width(row->who) : who;
        where = width(row->where) > where ? width(row->where) : where;
    }
    (void)fputs("\n      step  ", stdout);
    put("who", who);
    put("where", where);
    (void)puts("what");
    for (int i = 0; i < table->count; i++) {
        const struct row *row = &table->rows[i];
        char number[16] = "";

        if (row->number > 0)
            (void)snprintf(number, sizeof(number), "%d.", row->number);
        (void)printf("  %2s  %4u  ", number, row->step);
        put(row->who, who);
        put(row->where, where);
        (void)puts(row->what);
    }
    if (table->left_out > 0)
        (void)printf("  and %zu more steps on the same objects\n", table->left_out);
}

static const char *advice(unsigned kind)
{
    static const char *const texts[SIM_FINDING_COUNT] = {
        [SIM_FINDING_DEADLOCK] = "Each waits for what the next one holds. If all take their locks "
                                 "in one order, there is no such circle.",
        [SIM_FINDING_SELF_DEADLOCK] = "Who holds the lock is the one who waits for it.",
        [SIM_FINDING_ABANDONED_LOCK] = "Nobody is left who could release the lock.",
        [SIM_FINDING_LOST_WAKEUP] = "A notification is not kept: wait for a state, and look at it "
                                    "under the lock before waiting.",
        [SIM_FINDING_HANG] = "Nothing that is left can end this wait.",
        [SIM_FINDING_LOST_UPDATE] = "Between reading and writing somebody else wrote: read and "
                                    "write have to be one step, or under one lock.",
        [SIM_FINDING_DATA_RACE] = "Nothing orders these two accesses: in another order the "
                                  "result may be another.",
        [SIM_FINDING_PENDING] = "A task that nobody waits for is cut off when the loop closes.",
        [SIM_FINDING_NEVER_AWAITED] = "A coroutine does nothing until it is awaited.",
        [SIM_FINDING_SLOW_CALLBACK] = "While one step blocks the loop, no other task can run.",
    };

    return kind < SIM_FINDING_COUNT ? texts[kind] : NULL;
}

static bool explain_finding(const struct trace *trace, const struct sim_finding *finding)
{
    struct table *table = calloc(1, sizeof(*table));

    if (table == NULL)
        return false;
    table->trace = trace;
    table->finding = finding;
    fill(table);
    (void)printf("\n%s: %s\n", sim_finding_badge(finding->kind), finding->sentence);
    if (advice(finding->kind) != NULL)
        (void)puts(advice(finding->kind));
    if (finding->also > 0)
        (void)printf("There are %u more like it.\n", finding->also);
    if (table->count > 0)
        print_table(table);
    free(table);
    return true;
}

static bool explain_trace(const struct trace *trace)
{
    bool ok = true;

    (void)printf("%s%s%s: %s", trace->program, trace->params[0] == '\0' ? "" : " ", trace->params,
                 sim_outcome_name(trace->outcome));
    if (trace->finding_count == 0)
        (void)puts("; no finding");
    else
        (void)printf("; %zu finding%s\n", trace->finding_count,
                     trace->finding_count == 1 ? "" : "s");
    for (size_t i = 0; ok && i < trace->finding_count; i++)
        ok = explain_finding(trace, &trace->findings[i]);
    return ok;
}

int command_explain(int argc, char **argv)
{
    struct cli_options options;
    char error[512];

    if (!cli_parse(&options, "explain", CLI_FATE, argc, argv))
        return CLI_USAGE;
    struct trace *trace = trace_read(options.subject, error, sizeof(error));

    if (trace == NULL) {
        cli_error("%s", error);
        return CLI_USAGE;
    }
    int status = trace->finding_count > 0 ? CLI_FOUND : CLI_CLEAN;

    if (!explain_trace(trace)) {
        cli_error("out of memory");
        status = CLI_USAGE;
    }
    if (options.fate && !fate_of_trace(trace, stdout, NULL))
        status = CLI_USAGE;
    trace_free(trace);
    return status;
}
