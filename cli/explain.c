#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/commands.h"
#include "cli/fairness.h"
#include "cli/fate.h"
#include "cli/options.h"
#include "sim/trace/file.h"
#include "sim/trace/words.h"

/* Of what was done to the same objects, so many rows stand on either side of a step of the story.
 */
enum { NEAR = 3, ROWS_MAX = (2 * NEAR + 2) * FINDING_STEPS_MAX, WHAT_MAX = 2 * FINDING_TEXT_MAX };

/* One line of the table. */
struct row {
    uint32_t step;
    uint32_t actor;
    uint32_t object;
    int number;     /* of the step in the story; 0: it only stands beside it */
    size_t skipped; /* so many steps are left out here; nothing else is said */
    char who[REGISTRY_NAME_MAX];
    char where[160];
    char what[WHAT_MAX];
};

struct table {
    const struct trace *trace;
    const struct sim_finding *finding;
    struct row rows[ROWS_MAX];
    int count;
    size_t left_out; /* since the last row */
    int after;       /* rows since the last step of the story that only stand beside it */
    const struct sim_event *before[NEAR + 1]; /* the latest ones after those */
    int before_count;
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

    if (strncmp(caption, who, length) != 0)
        return caption;
    if (strncmp(caption + length, ", ", 2) == 0)
        return caption + length + 2;
    return caption[length] == ' ' ? caption + length + 1 : caption;
}

static void add_row(struct table *table, const struct sim_event *event, int number)
{
    if (table->count == ROWS_MAX)
        return;
    struct row *row = &table->rows[table->count++];

    row->step = event->step;
    row->actor = event->actor;
    row->object = event->object;
    row->number = number;
    (void)words_actor(table->trace->registry, event->actor, row->who);
    (void)words_place(table->trace->registry, event->site, row->where, sizeof(row->where));
    if (number > 0)
        (void)snprintf(row->what, sizeof(row->what), "%s",
                       without_name(table->finding->steps[number - 1].caption, row->who));
    else
        (void)words_event(table->trace->registry, event, row->what, sizeof(row->what));
}

/* Something beside the story: the first ones after one of its steps, and the last ones before the
 * next. */
static void add_beside(struct table *table, const struct sim_event *event)
{
    if (table->after < NEAR) {
        table->after++;
        add_row(table, event, 0);
        return;
    }
    if (table->before_count > NEAR) {
        table->left_out++;
        memmove(table->before, table->before + 1, NEAR * sizeof(*table->before));
        table->before_count--;
    }
    table->before[table->before_count++] = event;
}

/* What belongs to the story. */
static void add_main(struct table *table, const struct sim_event *event, int number)
{
    int from = table->left_out > 0 ? 1 : 0; /* more than one is left out, if any */

    if (from > 0 && table->count < ROWS_MAX)
        table->rows[table->count++].skipped = table->left_out + 1;
    for (int i = from; i < table->before_count; i++)
        add_row(table, table->before[i], 0);
    add_row(table, event, number);
    table->left_out = 0;
    table->after = 0;
    table->before_count = 0;
}

/* An event that tells something about an object of the story. */
static bool is_telling(const struct sim_event *event)
{
    return event->kind != SIM_EV_WAKE && event->kind != SIM_EV_CHOICE &&
           event->kind != SIM_EV_RETRIEVE && event->kind != SIM_EV_END &&
           event->kind != SIM_EV_PROPERTY;
}

/* What was explored, and so belongs to every story that came of it. */
static bool is_explored(const struct sim_event *event)
{
    return (event->kind == SIM_EV_CLOCK && event->aux == 1) ||
           (event->kind == SIM_EV_CANCEL && event->aux != 0) ||
           (event->kind == SIM_EV_COND_WOKEN && event->value == 1);
}

/* Does the row above say already that it waits for this? */
static bool is_told(const struct table *table, const struct sim_event *event)
{
    const struct row *row = table->count == 0 ? NULL : &table->rows[table->count - 1];

    return (event->kind == SIM_EV_SUSPEND || event->kind == SIM_EV_BLOCK) && row != NULL &&
           row->number > 0 && row->actor == event->actor && row->object == event->object;
}

/* Fill the table: the steps of the story, and what else was done to its objects meanwhile. */
static void fill(struct table *table)
{
    table->after = NEAR; /* what comes first only stands before it */

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
        if (number > 0 || is_explored(event))
            add_main(table, event, number);
        else if (!is_told(table, event))
            add_beside(table, event);
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

        if (row->skipped > 0) {
            (void)printf("         ... %zu more steps on the same objects\n", row->skipped);
            continue;
        }
        if (row->number > 0)
            (void)snprintf(number, sizeof(number), "%d.", row->number);
        (void)printf("  %2s  %4u  ", number, row->step);
        put(row->who, who);
        put(row->where, where);
        (void)puts(row->what);
    }
}

static const char *advice(unsigned kind)
{
    static const char *const texts[SIM_FINDING_COUNT] = {
        [SIM_FINDING_DEADLOCK] = "Each waits for what the next one holds. If all take their locks "
                                 "in one order, there is no such circle.",
        [SIM_FINDING_SELF_DEADLOCK] = "Who holds the lock is the one who waits for it. Do not ask "
                                      "for it again, or split what needs it from what takes it.",
        [SIM_FINDING_ABANDONED_LOCK] = "Nobody is left who could release the lock: release it on "
                                       "every way out, also where something fails.",
        [SIM_FINDING_LOST_WAKEUP] = "A notification is not kept: wait for a state, and look at it "
                                    "under the lock before waiting.",
        [SIM_FINDING_HANG] = "Nothing that is left can end this wait.",
        [SIM_FINDING_CHECK] = "The program says itself what must be true here. Who wrote last what "
                              "the check looks at?",
        [SIM_FINDING_LOST_UPDATE] = "Between reading and writing somebody else wrote: read and "
                                    "write have to be one step, or under one lock.",
        [SIM_FINDING_UNHANDLED] = "What failed was never awaited or caught by anybody.",
        [SIM_FINDING_OVERFLOW] = "Less recursion or smaller locals, or a larger stack_size.",
        [SIM_FINDING_LIMIT] =
            "The run may have gone on for ever, or its limit is too small (--max-steps, "
            "--max-memory).",
        [SIM_FINDING_DATA_RACE] = "Nothing orders these two accesses: in another order the "
                                  "result may be another.",
        [SIM_FINDING_PENDING] = "A task that nobody waits for is cut off when the loop closes.",
        [SIM_FINDING_NEVER_AWAITED] = "A coroutine does nothing until it is awaited.",
        [SIM_FINDING_SLOW_CALLBACK] = "While one step blocks the loop, no other task can run.",
        [SIM_FINDING_LOCK_ORDER] = "This run went well, but locks that are taken in two orders can "
                                   "block each other. Take them in one order everywhere.",
        [SIM_FINDING_EARLY_NOTIFY] = "Look at the state with the lock held until the wait begins: "
                                     "then nobody can change it and notify in between.",
        [SIM_FINDING_WAIT_WITHOUT_LOOP] =
            "A notification is a hint: somebody may have been faster. "
            "Wait in a loop: while, not if.",
        [SIM_FINDING_AWAIT_UNDER_LOCK] = "Whoever wants the mutex blocks its whole thread until "
                                         "then: release it before the await, or use a lock of "
                                         "asyncio.",
        [SIM_FINDING_LEAKED_LOCK] = "The next who wants it waits for ever: release it on every way "
                                    "out.",
        [SIM_FINDING_LEAKED_PERMIT] = "There is one permit less for all others: give it back on "
                                      "every way out.",
        [SIM_FINDING_CHECK_THEN_ACT] = "What was looked at is no longer so when it is acted upon: "
                                       "look and act under one lock, or look again.",
        [SIM_FINDING_LIVELOCK] = "All run, and nothing changes any more: somebody has to wait, or "
                                 "to give way for good.",
        [SIM_FINDING_SWALLOWED_CANCEL] = "Who asked it to stop was told that it did. Pass the "
                                         "cancellation on after cleaning up.",
        [SIM_FINDING_TIMEOUT_RACE] = "What was waited for had come when time ran out: its result "
                                     "is lost. Look at it before giving up.",
        [SIM_FINDING_INVARIANT] = "Until this step it held after every step. What belongs together "
                                  "has to be one step, or under one lock.",
        [SIM_FINDING_EVENTUALLY] = "What should have made it true never happened, or was undone.",
        [SIM_FINDING_STARVATION] = "A mutex is not fair: who has it may take it again before who "
                                   "waits. Hand it on in turn, or hold it less.",
        [SIM_FINDING_PRIORITY_INVERSION] = "Give the mutex priority inheritance or a ceiling, or "
                                           "let who shares it have one priority.",
        [SIM_FINDING_ABA] = "To find the same value is not to find it unchanged: let every change "
                            "count up a tag beside it, or do not use again what somebody may see.",
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
                 sim_outcome_words(trace->outcome));
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

    if (!cli_parse(&options, "explain", CLI_FATE | CLI_FAIRNESS, argc, argv))
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
    if (!fairness_print(trace, options.fairness, stdout))
        status = CLI_USAGE;
    if (options.fate && !fate_of_trace(trace, stdout, NULL))
        status = CLI_USAGE;
    trace_free(trace);
    return status;
}
