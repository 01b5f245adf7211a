#include "cli/what_if.h"

#include <stdio.h>
#include <string.h>

#include "cli/again.h"
#include "scenarios/scenarios.h"
#include "sim/core/policy.h"

enum { STEPS_MORE = 1000000 };

/* Takes the choices of a schedule and notes what else there was, up to the last that is asked for.
 */
struct lister {
    struct policy policy; /* first */
    struct what_if *what_if;
    const struct schedule *schedule;
};

static uint32_t choose(struct policy *policy, const struct sim_choice *choice)
{
    struct lister *lister = (struct lister *)policy;
    struct what_if *what_if = lister->what_if;

    if (choice->index >= lister->schedule->count ||
        choice->index >= what_if->first + WHAT_IF_CHOICES ||
        lister->schedule->choices[choice->index] >= choice->count)
        return SIM_DIVERGE;
    if (choice->index >= what_if->first) {
        size_t at = choice->index - what_if->first;

        what_if->counts[at] = choice->count;
        for (uint32_t i = 0; i < choice->count && i < WHAT_IF_OPTIONS; i++)
            what_if->options[at][i] = (struct window_option){.actor = choice->options[i].actor,
                                                             .object = choice->options[i].object,
                                                             .op = choice->options[i].op,
                                                             .call = choice->options[i].call};
    }
    return lister->schedule->choices[choice->index];
}

/* The event of a choice; event_count if the trace has no such. */
static size_t event_of(const struct trace *trace, size_t choice)
{
    size_t at = 0;

    for (; at < trace->event_count; at++)
        if (trace->events[at].kind == SIM_EV_CHOICE && choice-- == 0)
            break;
    return at;
}

/* Whether two runs are the same for so many events: a program that has changed is another. */
static bool same_until(const struct trace *a, const struct trace *b, size_t events, char *error,
                       size_t error_size)
{
    for (size_t i = 0; i < events; i++) {
        if (i < a->event_count && i < b->event_count &&
            memcmp(&a->events[i], &b->events[i], sizeof(a->events[i])) == 0)
            continue;
        (void)snprintf(error, error_size,
                       "the program now runs otherwise than recorded, first at step %u",
                       i < a->event_count ? a->events[i].step : 0);
        return false;
    }
    return true;
}

bool what_if_request(const struct what_if *what_if, const struct trace *trace,
                     struct run_request *request, char *error, size_t error_size)
{
    if (scenario_find(trace->program) == NULL) {
        (void)snprintf(error, error_size, "there is no scenario %.100s here to run again",
                       trace->program);
        return false;
    }
    if (!again_request(trace, request)) {
        (void)snprintf(error, error_size, "its parameters do not fit: standard error says why");
        return false;
    }
    uint32_t steps = trace->event_count == 0 ? 0 : trace->events[trace->event_count - 1].step;

    /* Somebody waits at the window: what goes on for ever must not take long to be known. */
    request->max_steps = what_if->max_steps != 0                 ? what_if->max_steps
                         : steps > (UINT32_MAX - STEPS_MORE) / 4 ? UINT32_MAX
                                                                 : 4 * steps + STEPS_MORE;
    if (what_if->max_memory != 0)
        request->max_memory = (size_t)what_if->max_memory;
    return true;
}

/* List the options of the choices from what_if->first on. */
static bool list(struct what_if *what_if, const struct trace *trace, char *error, size_t error_size)
{
    struct run_request request;
    struct lister lister = {
        .policy = {.choose = choose}, .what_if = what_if, .schedule = &trace->schedule};

    what_if->trace = NULL;
    memset(what_if->counts, 0, sizeof(what_if->counts));
    if (!what_if_request(what_if, trace, &request, error, error_size))
        return false;
    request.policy = RUN_OWN;
    request.own = &lister.policy;
    struct trace *again = run_record(&request, error, error_size);

    if (again == NULL)
        return false;
    bool ok = same_until(trace, again, event_of(trace, what_if->first), error, error_size);

    trace_free(again);
    what_if->trace = ok ? trace : NULL;
    return ok;
}

static size_t options_of(void *arg, const struct trace *trace, size_t choice,
                         struct window_option *options, size_t most, char *error, size_t error_size)
{
    struct what_if *what_if = arg;

    if (what_if->trace != trace || choice < what_if->first ||
        choice >= what_if->first + WHAT_IF_CHOICES) {
        what_if->first = choice - choice % WHAT_IF_CHOICES;
        if (!list(what_if, trace, error, error_size))
            return 0;
    }
    size_t at = choice - what_if->first;

    for (size_t i = 0; i < what_if->counts[at] && i < most && i < WHAT_IF_OPTIONS; i++)
        options[i] = what_if->options[at][i];
    if (what_if->counts[at] == 0)
        (void)snprintf(error, error_size, "the program now meets other choices than recorded");
    return what_if->counts[at];
}

static struct trace *again(void *arg, const struct trace *trace, size_t choice, uint32_t option,
                           char *error, size_t error_size)
{
    const struct what_if *what_if = arg;
    struct run_request request;
    struct schedule schedule = {0};
    struct trace *other = NULL;
    bool ok = choice < trace->schedule.count;

    if (!ok)
        (void)snprintf(error, error_size,
                       "its schedule has %zu choices, and this would be number %zu",
                       trace->schedule.count, choice + 1);
    ok = ok && what_if_request(what_if, trace, &request, error, error_size);
    for (size_t i = 0; ok && i < choice; i++)
        ok = schedule_push(&schedule, trace->schedule.choices[i]) ||
             (snprintf(error, error_size, "out of memory"), false);
    ok = ok && (schedule_push(&schedule, option) ||
                (snprintf(error, error_size, "out of memory"), false));
    if (ok) {
        request.policy = RUN_GUIDED;
        request.schedule = &schedule;
        error[0] = '\0';
        other = run_record(&request, error, error_size);
    }
    if (other != NULL && (error[0] != '\0' ||
                          !same_until(trace, other, event_of(trace, choice), error, error_size))) {
        trace_free(other);
        other = NULL;
    }
    schedule_free(&schedule);
    return other;
}

void what_if_init(struct what_if *what_if, uint32_t max_steps, uint64_t max_memory)
{
    *what_if = (struct what_if){.window = {.arg = what_if,
                                           .options = options_of,
                                           .again = again,
                                           .replay = branches_replay,
                                           .describe = branches_describe,
                                           .explore = branches_explore},
                                .search = {.policy = EXPLORE_DFS,
                                           .max_preemptions = -1,
                                           .max_delays = -1,
                                           .max_executions = WHAT_IF_EXECUTIONS,
                                           .keep_going = true},
                                .max_steps = max_steps,
                                .max_memory = max_memory};
}
