/* What the window's tree of choices is made of: all runs of a program, one of them, and what is
 * chosen where they part. */
#include <inttypes.h>
#include <stdio.h>

#include "cli/what_if.h"
#include "sim/core/policy.h"

struct trace *branches_replay(void *arg, const struct trace *trace, const struct schedule *schedule,
                              char *error, size_t error_size)
{
    const struct what_if *what_if = arg;
    struct run_request request;

    if (!what_if_request(what_if, trace, &request, error, error_size))
        return NULL;
    request.policy = RUN_REPLAY;
    request.schedule = schedule;
    error[0] = '\0';
    struct trace *other = run_record(&request, error, error_size);

    if (other != NULL && error[0] != '\0') {
        trace_free(other);
        other = NULL;
    }
    return other;
}

/* Takes all choices of a schedule but the last, notes what the last is about, and ends the run. */
struct describer {
    struct policy policy; /* first */
    const struct schedule *schedule;
    struct window_option option;
    uint32_t count; /* of options; 0: it did not come so far */
};

static uint32_t choose(struct policy *policy, const struct sim_choice *choice)
{
    struct describer *describer = (struct describer *)policy;
    const struct schedule *schedule = describer->schedule;
    uint32_t taken = choice->index < schedule->count ? schedule->choices[choice->index] : 0;

    if (choice->index >= schedule->count || taken >= choice->count)
        return SIM_DIVERGE;
    if (choice->index + 1 < schedule->count)
        return taken;
    describer->count = choice->count;
    describer->option = (struct window_option){.actor = choice->options[taken].actor,
                                               .object = choice->options[taken].object,
                                               .op = choice->options[taken].op,
                                               .call = choice->options[taken].call};
    if (sim_choice_is_number(choice->kind))
        describer->option.op = SIM_EV_CHOICE;
    return SIM_DIVERGE;
}

/* The last step before the run was ended. */
static uint32_t last_step(const struct trace *trace)
{
    size_t at = trace->event_count;

    while (at > 0 && trace->events[at - 1].kind == SIM_EV_END)
        at--;
    return at == 0 ? 0 : trace->events[at - 1].step;
}

bool branches_describe(void *arg, const struct trace *trace, const struct schedule *schedule,
                       char *words, size_t size)
{
    const struct what_if *what_if = arg;
    struct describer describer = {.policy = {.choose = choose}, .schedule = schedule};
    struct run_request request;
    char who[REGISTRY_NAME_MAX];
    char option[OPTION_WORDS_MAX];
    char error[256];

    if (schedule->count == 0 || !what_if_request(what_if, trace, &request, error, sizeof(error)))
        return false;
    request.policy = RUN_OWN;
    request.own = &describer.policy;
    struct trace *beginning = run_record(&request, error, sizeof(error));
    bool ok = beginning != NULL && describer.count > 0;

    if (ok) {
        uint32_t taken = schedule->choices[schedule->count - 1];

        window_option_words(beginning->registry, &describer.option, taken, who, option);
        (void)snprintf(words, size, "after step %u: %.120s (%u of %u)", last_step(beginning),
                       option, taken + 1, describer.count);
    }
    trace_free(beginning);
    return ok;
}

/* A search that the window watches. */
struct watched {
    const struct window_search *search;
};

static void each(void *arg, const struct schedule *schedule, uint64_t kinds)
{
    const struct watched *watched = arg;
    static const uint64_t errors = 0
#define ERROR_BIT(id, name, badge, error) | (uint64_t)(error) << (id)
        SIM_FINDINGS(ERROR_BIT)
#undef ERROR_BIT
        ;

    watched->search->each(watched->search->arg, schedule, kinds, (kinds & errors) != 0);
}

static enum explore_wish watch(void *arg, const struct explore_progress *progress)
{
    const struct watched *watched = arg;

    (void)progress;
    return watched->search->goes_on(watched->search->arg) ? EXPLORE_GO_ON : EXPLORE_STOP;
}

/* What the tree is worth: all runs, or which of them. */
static void tell(const struct explore_report *report, char *words, size_t size)
{
    char runs[80];

    (void)snprintf(runs, sizeof(runs), "%" PRIu64 " run%s", report->executions,
                   report->executions == 1 ? "" : "s");
    if (report->interrupted)
        (void)snprintf(words, size, "%s, and there are more: the search was stopped", runs);
    else if (report->verdict == EXPLORE_EXHAUSTED)
        (void)snprintf(words, size, "%s: every way that the choices can go%s%s", runs,
                       report->why[0] == '\0' ? "" : ", ", report->why);
    else if (report->verdict == EXPLORE_BOUNDED)
        (void)snprintf(words, size, "%s: every way with %s", runs, report->why);
    else if (report->verdict == EXPLORE_SAMPLED)
        (void)snprintf(words, size, "%s, drawn from all: %s", runs, report->why);
    else
        (void)snprintf(words, size, "%s, and there are more: %s", runs, report->why);
}

bool branches_explore(void *arg, const struct trace *trace, const struct window_search *search,
                      char *words, size_t size)
{
    const struct what_if *what_if = arg;
    struct watched watched = {search};
    struct explore_request request = what_if->search;
    struct explore_report report;
    char error[256] = "";

    if (!what_if_request(what_if, trace, &request.run, error, sizeof(error))) {
        (void)snprintf(words, size, "%s", error);
        return false;
    }
    request.run.seed = what_if->search.run.seed;
    request.each = each;
    request.each_arg = &watched;
    request.watch = watch;
    request.watch_arg = &watched;
    bool ok = explore(&request, &report, error, sizeof(error));

    if (ok)
        tell(&report, words, size);
    else
        (void)snprintf(words, size, "%s", error);
    explore_report_free(&report);
    return ok;
}
