#include "sim/explore/twice.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/explore/run.h"
#include "sim/policy/announced.h"
#include "sim/policy/replay.h"
#include "sim/trace/recorder.h"

/* ---- Comparing. ---- */

static const char *name_of(const struct registry *registry, uint32_t id,
                           char out[REGISTRY_NAME_MAX])
{
    return id == 0 ? "the loop" : registry_name(registry, id, out);
}

/* The value of an event that is a text; NULL: it is a number. */
static const char *text_of(const struct trace *trace, const struct sim_event *event)
{
    bool text =
        event->kind == SIM_EV_PRINT || event->kind == SIM_EV_CHECK || event->kind == SIM_EV_RAISE;

    return text ? registry_text_at(trace->registry, (uint32_t)event->value) : NULL;
}

static void put_place(const struct trace *trace, uint16_t site, char *out, size_t size)
{
    const struct sim_site *place = registry_site_at(trace->registry, site);

    out[0] = '\0';
    if (place == NULL)
        return;
    const char *slash = strrchr(place->file, '/');

    (void)snprintf(out, size, " (%s:%d)", slash == NULL ? place->file : slash + 1, place->line);
}

/* "one: write money, value 3, after 0 ns (adders.c:14)" */
static void describe(const struct trace *trace, size_t index, char out[TWICE_TEXT_MAX])
{
    char actor[REGISTRY_NAME_MAX];
    char object[REGISTRY_NAME_MAX];
    char value[160] = "";
    char place[100];

    if (index >= trace->event_count) {
        (void)snprintf(out, TWICE_TEXT_MAX, "nothing: it had ended");
        return;
    }
    const struct sim_event *event = &trace->events[index];
    const char *text = text_of(trace, event);

    if (text != NULL)
        (void)snprintf(value, sizeof(value), " \"%.140s\"", text);
    else if (event->kind == SIM_EV_CHOICE)
        (void)snprintf(value, sizeof(value), ", one of %" PRId64, event->value & UINT32_MAX);
    else
        (void)snprintf(value, sizeof(value), ", value %" PRId64, event->value);
    put_place(trace, event->site, place, sizeof(place));
    (void)snprintf(out, TWICE_TEXT_MAX, "%s: %s%s%s%s, at %" PRId64 " ns%s",
                   name_of(trace->registry, event->actor, actor), sim_event_name(event->kind),
                   event->object == 0 || event->object == event->actor ? "" : " ",
                   event->object == 0 || event->object == event->actor
                       ? ""
                       : name_of(trace->registry, event->object, object),
                   value, event->time_ns, place);
}

static bool same_name(const struct trace *a, const struct trace *b, uint32_t id)
{
    const struct sim_object *x = registry_object(a->registry, id);
    const struct sim_object *y = registry_object(b->registry, id);

    if (x == NULL || y == NULL)
        return x == NULL && y == NULL;
    return x->kind == y->kind && x->number == y->number && (x->name == NULL) == (y->name == NULL) &&
           (x->name == NULL || strcmp(x->name, y->name) == 0);
}

static bool same_place(const struct trace *a, const struct trace *b, uint16_t x, uint16_t y)
{
    const struct sim_site *one = registry_site_at(a->registry, x);
    const struct sim_site *other = registry_site_at(b->registry, y);

    if (one == NULL || other == NULL)
        return one == NULL && other == NULL;
    return one->line == other->line && strcmp(one->file, other->file) == 0;
}

static bool same_event(const struct trace *a, const struct trace *b, size_t index)
{
    const struct sim_event *x = &a->events[index];
    const struct sim_event *y = &b->events[index];

    if (x->time_ns != y->time_ns || x->step != y->step || x->actor != y->actor ||
        x->object != y->object || x->kind != y->kind || x->aux != y->aux)
        return false;
    const char *text = text_of(a, x);
    bool same_value = text == NULL ? x->value == y->value : strcmp(text, text_of(b, y)) == 0;

    return same_value && same_place(a, b, x->site, y->site) && same_name(a, b, x->actor) &&
           same_name(a, b, x->object);
}

/* "one at write money" */
static void describe_option(const struct trace *trace, const struct sim_option *option,
                            char out[TWICE_TEXT_MAX])
{
    char actor[REGISTRY_NAME_MAX];
    char object[REGISTRY_NAME_MAX];

    (void)snprintf(out, TWICE_TEXT_MAX, "%s stands before %s%s%s",
                   name_of(trace->registry, option->actor, actor), sim_event_name(option->op),
                   option->object == 0 ? "" : " ",
                   option->object == 0 ? "" : name_of(trace->registry, option->object, object));
}

/* "3 can go on: one stands before write money, ..." */
static void describe_choice(const struct trace *trace, const struct sim_option *options,
                            size_t count, char out[TWICE_TEXT_MAX])
{
    size_t used = (size_t)snprintf(out, TWICE_TEXT_MAX, "%zu can go on", count);
    char option[TWICE_TEXT_MAX];

    for (size_t i = 0; i < count && used < TWICE_TEXT_MAX; i++) {
        describe_option(trace, &options[i], option);
        used += (size_t)snprintf(out + used, TWICE_TEXT_MAX - used, "%s %s", i == 0 ? ":" : ",",
                                 option);
    }
}

/* What was on offer at a choice.  Returns false after describing the difference. */
static bool same_options(const struct trace *a, const struct policy_announced *a_options,
                         const struct trace *b, const struct policy_announced *b_options,
                         size_t choice, struct twice_difference *difference)
{
    size_t count = 0;
    size_t other_count = 0;

    if (choice >= a_options->count || choice >= b_options->count)
        return true; /* the event says it */
    const struct sim_option *x = policy_announced_at(a_options, choice, &count);
    const struct sim_option *y = policy_announced_at(b_options, choice, &other_count);

    for (size_t i = 0; i < count && i < other_count; i++) {
        if (x[i].actor == y[i].actor && x[i].object == y[i].object && x[i].op == y[i].op)
            continue;
        describe_option(a, &x[i], difference->first);
        describe_option(b, &y[i], difference->second);
        return false;
    }
    if (count == other_count)
        return true;
    describe_choice(a, x, count, difference->first);
    describe_choice(b, y, other_count, difference->second);
    return false;
}

bool twice_same(const struct trace *first, const struct policy_announced *first_options,
                const struct trace *second, const struct policy_announced *second_options,
                struct twice_difference *difference)
{
    size_t choice = 0;
    size_t i = 0;
    bool same = true;

    *difference = (struct twice_difference){0};
    for (; same && i < first->event_count && i < second->event_count; i++) {
        if (first->events[i].kind == SIM_EV_CHOICE)
            same = same_options(first, first_options, second, second_options, choice++, difference);
        if (!same || !same_event(first, second, i))
            break;
    }
    if (same && i == first->event_count && i == second->event_count)
        return true;
    if (difference->first[0] == '\0') {
        describe(first, i, difference->first);
        describe(second, i, difference->second);
    }
    const struct trace *longer = i < first->event_count ? first : second;

    difference->step = longer->events[i].step == 0 ? 1 : longer->events[i].step;
    return false;
}

/* ---- Running. ---- */

/* While this is held, malloc does not give the second run what the first had and gave back. */
struct ballast {
    void *pieces[64];
};

static void take_ballast(struct ballast *ballast)
{
    for (size_t i = 0; i < sizeof(ballast->pieces) / sizeof(ballast->pieces[0]); i++)
        ballast->pieces[i] = malloc(16 * (i + 1));
}

static void drop_ballast(struct ballast *ballast)
{
    for (size_t i = 0; i < sizeof(ballast->pieces) / sizeof(ballast->pieces[0]); i++)
        free(ballast->pieces[i]);
}

struct trace *twice_run(const struct run_request *request, bool *same,
                        struct twice_difference *difference, char *error, size_t error_size)
{
    struct run_request once = *request;
    struct policy_announced options;
    struct policy_announced again_options;
    struct ballast ballast;
    char ignored[256];

    *same = true;
    policy_announced_init(&options, NULL);
    policy_announced_init(&again_options, NULL);
    once.announced = &options;
    struct trace *first = run_record(&once, error, error_size);

    if (first != NULL && error[0] == '\0') {
        struct run_request again = *request;

        again.policy = RUN_REPLAY;
        again.schedule = &first->schedule;
        again.also = NULL;
        again.own_sink = NULL;
        again.announced = &again_options;
        take_ballast(&ballast);
        struct trace *second = run_record(&again, ignored, sizeof(ignored));

        drop_ballast(&ballast);
        if (second != NULL)
            *same = twice_same(first, &options, second, &again_options, difference);
        else
            (void)snprintf(error, error_size, "out of memory");
        trace_free(second);
    }
    policy_announced_free(&options);
    policy_announced_free(&again_options);
    return first;
}

struct twice {
    const struct run_request *request;
    struct sim *sim; /* owned; for the second run */
    struct trace *first;
    struct trace *second;
    struct recorder recorder;
    struct recorder again;
    struct policy_announced options;
    struct policy_announced again_options;
    struct policy_replay replay;
    enum sim_outcome outcome; /* of the second run */
};

struct twice *twice_new(const struct run_request *request)
{
    struct twice *twice = calloc(1, sizeof(*twice));
    struct sim_config config = run_config(request);

    if (twice == NULL)
        return NULL;
    twice->request = request;
    twice->sim = sim_new(&config);
    twice->first = trace_new();
    twice->second = trace_new();
    policy_announced_init(&twice->options, NULL);
    policy_announced_init(&twice->again_options, &twice->replay.policy);
    if (twice->sim == NULL || twice->first == NULL || twice->second == NULL) {
        twice_free(twice);
        return NULL;
    }
    recorder_init(&twice->recorder, twice->first);
    recorder_init(&twice->again, twice->second);
    (void)sim_add_sink(twice->sim, &twice->again.sink);
    return twice;
}

void twice_free(struct twice *twice)
{
    if (twice == NULL)
        return;
    sim_free(twice->sim);
    trace_free(twice->first);
    trace_free(twice->second);
    policy_announced_free(&twice->options);
    policy_announced_free(&twice->again_options);
    free(twice);
}

struct policy *twice_policy(struct twice *twice, struct policy *inner)
{
    policy_announced_init(&twice->options, inner);
    return &twice->options.policy;
}

struct sink *twice_sink(struct twice *twice)
{
    return &twice->recorder.sink;
}

bool twice_check(struct twice *twice, const struct schedule *schedule,
                 struct twice_difference *difference)
{
    const struct sim_scenario *scenario = twice->request->scenario;
    struct ballast ballast;
    int64_t params[SIM_PARAMS_MAX];

    memcpy(params, twice->request->params, sizeof(params));
    policy_replay_init(&twice->replay, schedule);
    /* A policy that is asked before every step is told more. */
    twice->again_options.policy.every = twice->options.policy.every;
    sim_set_policy(twice->sim, &twice->again_options.policy);
    take_ballast(&ballast);
    twice->outcome =
        (scenario->async ? sim_run_async : sim_run)(twice->sim, scenario->main, params);
    drop_ballast(&ballast);
    return twice_out_of_memory(twice) || twice_same(twice->first, &twice->options, twice->second,
                                                    &twice->again_options, difference);
}

bool twice_out_of_memory(const struct twice *twice)
{
    return twice->outcome == SIM_OUTCOME_NO_MEMORY;
}
