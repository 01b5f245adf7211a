#include "render/window_runs.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "render/window_differ.h"
#include "render/window_walk.h"
#include "render/world.h"
#include "sim/base/assert.h"

/* As many options of one choice are listed at most. */
enum { OPTIONS_MOST = 64 };

static bool run_open(struct run *run, int64_t column_ns)
{
    const struct trace *trace = run->trace;
    size_t count = 0;

    for (size_t i = 0; i < trace->event_count; i++)
        count += trace->events[i].kind == SIM_EV_CHOICE;
    run->timeline = timeline_new_by_time(trace, column_ns);
    run->index = run->timeline == NULL ? NULL : index_new(run->timeline);
    run->world = world_new(trace);
    run->choices = calloc(count + 1, sizeof(*run->choices));
    if (run->index == NULL || run->world == NULL || run->choices == NULL ||
        !rows_init(&run->rows, run->timeline->lane_count))
        return false;
    /* All of its copies are made now, so that no jump has to wait for them. */
    world_seek(run->world, trace->event_count);
    for (uint32_t i = 0; i < trace->event_count; i++)
        if (trace->events[i].kind == SIM_EV_CHOICE)
            run->choices[run->choice_count++] = i;
    return true;
}

static void run_close(struct run *run)
{
    index_free(run->index);
    timeline_free(run->timeline);
    world_free(run->world);
    rows_free(&run->rows);
    free(run->choices);
    free(run->differ);
    free(run->parent_differ);
    trace_free(run->own);
    *run = (struct run){0};
}

bool runs_open(struct runs *runs, const struct trace *trace, const struct window_lab *lab,
               bool by_time)
{
    *runs = (struct runs){.lab = lab,
                          .count = 1,
                          .lower = -1,
                          .rows_run = -1,
                          .column_ns = by_time ? timeline_choose_ns(trace) : 0};
    runs->list[0] = (struct run){.trace = trace, .parent = -1, .words = "as recorded"};
    return run_open(&runs->list[0], runs->column_ns);
}

void runs_close(struct runs *runs)
{
    for (int i = 0; i < runs->count; i++)
        run_close(&runs->list[i]);
    runs->count = 0;
}

/* The first choice that is not before an event. */
static size_t choice_from(const struct run *run, size_t event)
{
    size_t low = 0;
    size_t high = run->choice_count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (run->choices[middle] < event)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* The first event of the step of an event. */
static size_t step_begin(const struct run *run, size_t event)
{
    return timeline_event_of_step(run->timeline, run->trace->events[event].step);
}

bool runs_has_choice(const struct run *run, size_t event)
{
    size_t choice = choice_from(run, step_begin(run, event));

    return choice < run->choice_count &&
           run->trace->events[run->choices[choice]].step == run->trace->events[event].step;
}

size_t runs_next_choice(const struct runs *runs, const struct view *v, int direction)
{
    const struct run *run = &runs->list[runs->at];

    if (run->trace->event_count == 0)
        return SIZE_MAX;
    size_t begin = step_begin(run, v->focus);
    size_t choice = choice_from(run, begin);

    if (direction < 0)
        return choice == 0 ? SIZE_MAX : step_begin(run, run->choices[choice - 1]);
    while (choice < run->choice_count && step_begin(run, run->choices[choice]) == begin)
        choice++;
    return choice == run->choice_count ? SIZE_MAX : step_begin(run, run->choices[choice]);
}

/* The run that took this option, if it was tried. */
static int run_of(const struct runs *runs, size_t choice, uint32_t option)
{
    for (int i = 1; i < runs->count; i++)
        if (runs->list[i].parent == runs->at && runs->list[i].choice == choice &&
            runs->list[i].taken == option)
            return i;
    return -1;
}

static void name_call(const struct window_option *option, uint32_t number,
                      char who[REGISTRY_NAME_MAX])
{
    static const char *const names[] = {[SIM_CALL_TIMER] = "the timer that is due",
                                        [SIM_CALL_IO] = "who waits for what has arrived",
                                        [SIM_CALL_STOP] = "the loop stops"};

    if (option->call == SIM_CALL_ADDED)
        (void)snprintf(who, REGISTRY_NAME_MAX, "callback %u of the queue", number + 1);
    else
        (void)snprintf(who, REGISTRY_NAME_MAX, "%s", names[option->call]);
}

void window_option_words(const struct registry *registry, const struct window_option *option,
                         uint32_t number, char who[REGISTRY_NAME_MAX], char words[OPTION_WORDS_MAX])
{
    bool any = option->op == SIM_EV_CHOICE;
    bool is_call = option->actor == 0 || option->call == SIM_CALL_STOP;
    char label[LABEL_MAX];

    if (any)
        (void)snprintf(who, REGISTRY_NAME_MAX, "number %u", number);
    else if (is_call)
        name_call(option, number, who);
    else
        (void)registry_name(registry, option->actor, who);
    if (any || is_call)
        (void)snprintf(words, OPTION_WORDS_MAX, "%s", who);
    else
        (void)snprintf(words, OPTION_WORDS_MAX, "%.80s: %s", who,
                       timeline_option_label(registry, option->op, option->object, label));
}

static void option_words(const struct run *run, const struct sim_event *choice,
                         const struct window_option *option, struct choice_row *row)
{
    char words[OPTION_WORDS_MAX];
    bool stays = option->actor != 0 && option->op != SIM_EV_CHOICE &&
                 choice->actor == option->actor && row->option == 0;

    window_option_words(run->trace->registry, option, row->option, row->who, words);
    (void)snprintf(row->words, sizeof(row->words), "%.180s%s", words, stays ? " (no switch)" : "");
}

/* Rows for one choice.  False: nothing is known of its options. */
static bool list_choice(struct runs *runs, size_t choice)
{
    const struct run *run = &runs->list[runs->at];
    const struct sim_event *e = &run->trace->events[run->choices[choice]];
    struct window_option options[OPTIONS_MOST];

    if (runs->lab == NULL) {
        (void)snprintf(runs->why, sizeof(runs->why), "its program is not at hand");
        return false;
    }
    size_t count = runs->lab->options(runs->lab->arg, run->trace, choice, options, OPTIONS_MOST,
                                      runs->why, sizeof(runs->why));

    for (uint32_t i = 0; i < count; i++) {
        if (i >= OPTIONS_MOST || runs->row_count == ROWS_MAX) {
            runs->left_out += count - i;
            break;
        }
        struct choice_row *row = &runs->rows[runs->row_count++];

        *row = (struct choice_row){.choice = choice,
                                   .option = i,
                                   .taken = (uint32_t)((uint64_t)e->value >> 32) == i,
                                   .run = run_of(runs, choice, i)};
        option_words(run, e, &options[i], row);
    }
    return count > 0;
}

void runs_list(struct runs *runs, const struct view *v)
{
    const struct run *run = &runs->list[runs->at];

    if (runs->rows_run == runs->at && runs->rows_focus == v->focus)
        return;
    runs->rows_run = runs->at;
    runs->rows_focus = v->focus;
    runs->row_count = 0;
    runs->left_out = 0;
    runs->picked = 0;
    runs->why[0] = '\0';
    if (run->trace->event_count == 0)
        return;
    for (size_t choice = choice_from(run, step_begin(run, v->focus));
         choice < run->choice_count &&
         run->trace->events[run->choices[choice]].step == run->trace->events[v->focus].step;
         choice++)
        if (!list_choice(runs, choice))
            break;
    runs->picked = runs->row_count - (runs->row_count > 0);
    runs_pick(runs, 1);
}

void runs_pick(struct runs *runs, int direction)
{
    for (size_t i = 0; i < runs->row_count; i++) {
        runs->picked = (runs->picked + (direction > 0 ? 1 : runs->row_count - 1)) % runs->row_count;
        if (!runs->rows[runs->picked].taken)
            return;
    }
}

/* The columns that are needed for both. */
static double columns_of(const struct runs *runs)
{
    uint32_t upper = runs->list[runs->upper].timeline->columns;
    uint32_t lower = runs->lower < 0 ? 0 : runs->list[runs->lower].timeline->columns;

    return upper > lower ? upper : lower;
}

static void leave(struct runs *runs, const struct view *v)
{
    struct run *run = &runs->list[runs->at];

    run->focus = v->focus;
    run->finding = v->finding;
    run->scroll = v->scroll;
}

/* Make a view one of a run that is shown. */
static void see(const struct runs *runs, struct view *v, int index)
{
    const struct run *run = &runs->list[index];

    v->trace = run->trace;
    v->timeline = run->timeline;
    v->index = run->index;
    v->rows = &run->rows;
    v->world = run->world;
    v->differ = runs->lower < 0        ? NULL
                : index == runs->lower ? run->differ
                                       : runs->list[runs->lower].parent_differ;
    v->finding = run->finding;
    v->scroll = run->scroll;
    v->focus = run->focus;
    v->columns = columns_of(runs);
    v->pane = runs->lower < 0 ? VIEW_WHOLE : index == runs->upper ? VIEW_UPPER : VIEW_LOWER;
}

void runs_show(struct runs *runs, struct view *v, int index)
{
    SIM_ASSERT(index >= 0 && index < runs->count);
    bool fits = v->zoom <= view_least_zoom(v) * 1.001;

    leave(runs, v);
    runs->at = index;
    bool single = runs->alone || runs->list[index].parent < 0;

    runs->upper = single ? index : runs->list[index].parent;
    runs->lower = single ? -1 : index;
    see(runs, v, index);
    if (fits)
        view_show(v, 0, v->columns);
    view_focus(v, v->focus);
}

void runs_swap(struct runs *runs, struct view *v)
{
    if (runs->lower < 0)
        return;
    leave(runs, v);
    runs->at = runs->at == runs->lower ? runs->upper : runs->lower;
    see(runs, v, runs->at);
    view_focus(v, v->focus);
}

bool runs_beside(const struct runs *runs, const struct view *v, struct view *other)
{
    if (runs->lower < 0)
        return false;
    *other = *v;
    see(runs, other, runs->at == runs->lower ? runs->upper : runs->lower);
    other->left = v->left;
    other->zoom = v->zoom;

    /* Where that run was: the last step that stands no farther right. */
    uint32_t column = v->trace->event_count == 0 ? 0 : v->timeline->column_of[v->focus];
    size_t low = 0;
    size_t high = other->trace->event_count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (other->timeline->column_of[middle] <= column)
            low = middle + 1;
        else
            high = middle;
    }
    other->focus =
        low == 0 ? 0 : timeline_event_of_step(other->timeline, other->trace->events[low - 1].step);
    view_clamp(other);
    return true;
}

/* The first event from one on that is an operation: not that somebody was chosen or preempted. */
static size_t operation_from(const struct trace *trace, size_t at)
{
    while (at < trace->event_count &&
           (trace->events[at].kind == SIM_EV_CHOICE || trace->events[at].kind == SIM_EV_PREEMPT))
        at++;
    return at;
}

/* Where two runs part: the first operation of either that is not the other's. */
static void find_difference(const struct run *parent, struct run *run)
{
    const struct trace *a = parent->trace;
    const struct trace *b = run->trace;
    size_t at = 0;

    while (at < a->event_count && at < b->event_count &&
           (memcmp(&a->events[at], &b->events[at], sizeof(a->events[at])) == 0 ||
            (a->events[at].kind == SIM_EV_CHOICE && b->events[at].kind == SIM_EV_CHOICE)))
        at++;
    size_t in_a = operation_from(a, at);
    size_t in_b = operation_from(b, at);
    bool first = in_a < a->event_count;
    bool second = in_b < b->event_count;

    if (!first && !second)
        return;
    uint32_t step_a = first ? a->events[in_a].step : UINT32_MAX;
    uint32_t step_b = second ? b->events[in_b].step : UINT32_MAX;
    uint32_t column_a = first ? parent->timeline->column_of[in_a] : UINT32_MAX;
    uint32_t column_b = second ? run->timeline->column_of[in_b] : UINT32_MAX;

    run->differs = step_a < step_b ? step_a : step_b;
    run->column = column_a < column_b ? column_a : column_b;
    run->focus = second ? in_b : b->event_count - (b->event_count > 0);
}

/* What a new run looks like beside its parent. */
static void set_beside(const struct run *parent, struct run *run)
{
    find_difference(parent, run);
    rows_follow(&run->rows, run->timeline, &parent->rows, parent->timeline);
    /* Without memory for the marks there are none. */
    (void)differ_find(parent->timeline, run->timeline, &run->parent_differ, &run->differ);
}

/* The row that the run took at the choice of another row. */
static const struct choice_row *taken_beside(const struct runs *runs, const struct choice_row *row)
{
    for (size_t i = 0; i < runs->row_count; i++)
        if (runs->rows[i].choice == row->choice && runs->rows[i].taken)
            return &runs->rows[i];
    return NULL;
}

static void name_run(const struct runs *runs, const struct choice_row *row, struct run *run)
{
    const struct run *parent = &runs->list[runs->at];
    const struct choice_row *taken = taken_beside(runs, row);
    char words[RUN_WORDS_MAX];

    (void)snprintf(words, sizeof(words), "after step %u: %.80s%s%.80s",
                   parent->trace->events[parent->choices[row->choice]].step, row->who,
                   taken == NULL ? "" : ", not ", taken == NULL ? "" : taken->who);
    memcpy(run->words, words, sizeof(run->words));
}

/* Run what a row says.  Returns the number of the new run; -1 with the reason in message. */
static int run_row(struct runs *runs, const struct choice_row *row)
{
    const struct run *parent = &runs->list[runs->at];
    struct run *run = &runs->list[runs->count];

    if (runs->count == RUNS_MAX) {
        (void)snprintf(runs->message, sizeof(runs->message),
                       "%d runs are as many as the window keeps.", RUNS_MAX);
        return -1;
    }
    struct trace *trace = runs->lab->again(runs->lab->arg, parent->trace, row->choice, row->option,
                                           runs->message, sizeof(runs->message));

    if (trace == NULL)
        return -1;
    *run = (struct run){.trace = trace,
                        .own = trace,
                        .parent = runs->at,
                        .choice = row->choice,
                        .taken = row->option};
    if (!run_open(run, runs->column_ns)) {
        run_close(run);
        (void)snprintf(runs->message, sizeof(runs->message), "Out of memory.");
        return -1;
    }
    set_beside(parent, run);
    name_run(runs, row, run);
    return runs->count++;
}

int runs_take(struct runs *runs, struct trace *trace, const char *words)
{
    struct run *run = &runs->list[runs->count];

    for (int i = 0; i < runs->count; i++)
        if (runs->list[i].choice == RUN_FOUND && strcmp(runs->list[i].words, words) == 0) {
            trace_free(trace);
            return i;
        }
    if (runs->count == RUNS_MAX) {
        (void)snprintf(runs->message, sizeof(runs->message),
                       "%d runs are as many as the window keeps.", RUNS_MAX);
        trace_free(trace);
        return -1;
    }
    *run = (struct run){.trace = trace, .own = trace, .choice = RUN_FOUND};
    if (!run_open(run, runs->column_ns)) {
        run_close(run);
        (void)snprintf(runs->message, sizeof(runs->message), "Out of memory.");
        return -1;
    }
    set_beside(&runs->list[0], run);
    (void)snprintf(run->words, sizeof(run->words), "%s", words);
    if (trace->finding_count > 0 && trace->findings[0].step_count > 0) {
        const struct sim_finding *f = &trace->findings[0];

        run->focus = timeline_event_of_step(run->timeline, f->steps[f->step_count - 1].step);
    }
    return runs->count++;
}

void runs_try(struct runs *runs, struct view *v, size_t index)
{
    runs_list(runs, v);
    if (index >= runs->row_count) {
        (void)snprintf(runs->message, sizeof(runs->message), "%s",
                       runs->row_count > 0 ? "There is no such option."
                       : runs->why[0] != '\0'
                           ? runs->why
                           : "Nothing is chosen at this step; C goes to the next choice.");
        return;
    }
    const struct choice_row *row = &runs->rows[index];

    if (row->taken) {
        (void)snprintf(runs->message, sizeof(runs->message),
                       "That is what this run took; choose another.");
        return;
    }
    int run = row->run >= 0 ? row->run : run_row(runs, row);

    if (run < 0)
        return;
    runs->rows_run = -1;
    runs_show(runs, v, run);
    if (runs->list[run].differs == 0)
        (void)snprintf(runs->message, sizeof(runs->message),
                       "Run %d does the same as run %d, step by step.", run + 1,
                       runs->list[run].parent + 1);
    else
        (void)snprintf(runs->message, sizeof(runs->message),
                       "Run %d differs from run %d from step %u on.", run + 1,
                       runs->list[run].parent + 1, runs->list[run].differs);
}
