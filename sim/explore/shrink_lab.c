#include "sim/explore/shrink_lab.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/base/vec.h"
#include "sim/detect/detect.h"
#include "sim/policy/order_spec.h"

static bool is_actor(const struct registry *registry, uint32_t id)
{
    const struct sim_object *object = registry_object(registry, id);

    return object != NULL && (object->kind == SIM_OBJ_THREAD || object->kind == SIM_OBJ_TASK);
}

/* Add a name to a set that is kept sorted, as it would depend on the schedule otherwise. */
static void add_name(char names[][REGISTRY_NAME_MAX], int *count, const char *name)
{
    int place = 0;

    while (place < *count && strcmp(names[place], name) < 0)
        place++;
    if (place < *count && strcmp(names[place], name) == 0)
        return;
    memmove(names[place + 1], names[place], (size_t)(*count - place) * REGISTRY_NAME_MAX);
    (void)snprintf(names[place], REGISTRY_NAME_MAX, "%s", name);
    ++*count;
}

void shrink_target_of(struct shrink_target *target, const struct registry *registry,
                      const struct sim_finding *finding)
{
    char names[FINDING_EDGES_MAX + 1][REGISTRY_NAME_MAX];
    char name[REGISTRY_NAME_MAX];
    bool graph = finding->edge_count > 0;
    int parts = graph ? finding->edge_count : finding->step_count;
    int count = 0;
    size_t used = 0;

    *target = (struct shrink_target){.kind = finding->kind};
    for (int i = 0; i < parts; i++) {
        uint32_t id = graph ? finding->edges[i].object : finding->steps[i].object;

        if (id != 0 && !is_actor(registry, id))
            add_name(names, &count, registry_name(registry, id, name));
    }
    for (int i = 0; i < count && used < sizeof(target->about); i++)
        used +=
            (size_t)snprintf(target->about + used, sizeof(target->about) - used, "%s,", names[i]);
    if (count == 0 && finding->step_count > 0)
        (void)snprintf(target->about, sizeof(target->about), "%s",
                       finding->steps[finding->step_count - 1].caption);
}

/* Options that cost as much to list and to look through as a step to run. */
enum { OPTIONS_PER_STEP = 64 };

uint32_t lab_ops(const struct lab *lab, uint32_t actor)
{
    return actor < lab->ops_count ? lab->ops[actor] : 0;
}

static void begin(struct sink *sink, const struct registry *registry)
{
    struct lab *lab = (struct lab *)((char *)sink - offsetof(struct lab, sink));

    lab->registry = registry;
    lab->choice_count = 0;
    lab->ops_count = 0;
}

static void count_event(struct sink *sink, const struct sim_event *event)
{
    struct lab *lab = (struct lab *)((char *)sink - offsetof(struct lab, sink));
    size_t needed = (size_t)event->actor + 1;

    if (!order_is_operation(event->kind))
        return;
    if (needed > lab->ops_count) {
        if (!vec_reserve(&lab->ops, needed, &lab->ops_capacity, sizeof(*lab->ops))) {
            lab->out_of_memory = true;
            return;
        }
        memset(lab->ops + lab->ops_count, 0, (needed - lab->ops_count) * sizeof(*lab->ops));
        lab->ops_count = needed;
    }
    lab->ops[event->actor]++;
}

static uint32_t choose(struct policy *policy, const struct sim_choice *choice)
{
    struct lab *lab = (struct lab *)policy;
    uint32_t taken = lab->decide(lab->arg, lab, choice);
    uint32_t first = choice->options[0].actor;

    if (!vec_reserve(&lab->choices, lab->choice_count + 1, &lab->choice_capacity,
                     sizeof(*lab->choices))) {
        lab->out_of_memory = true;
        return SIM_NO_MEMORY;
    }
    lab->steps += choice->count / OPTIONS_PER_STEP;
    lab->choices[lab->choice_count++] = (struct lab_choice){
        .kind = choice->kind,
        .preempting = choice->preempting,
        .count = choice->count,
        .taken = taken,
        .first = first,
        .ops = lab_ops(lab, first),
        .target = sim_choice_is_number(choice->kind) ? taken : choice->options[taken].actor};
    return taken;
}

bool lab_init(struct lab *lab, const struct run_request *request, bool recording)
{
    struct sim_config config = run_config(request);

    *lab = (struct lab){.policy = {.choose = choose},
                        .sink = {.begin = begin, .event = count_event},
                        .request = request};
    lab->sim = sim_new(&config);
    lab->detectors = detectors_new();
    lab->trace = recording ? trace_new() : NULL;
    if (lab->sim == NULL || lab->detectors == NULL || (recording && lab->trace == NULL))
        return false;
    sim_set_policy(lab->sim, &lab->policy);
    (void)sim_add_sink(lab->sim, &lab->sink);
    (void)sim_add_sink(lab->sim, detectors_sink(lab->detectors));
    if (recording) {
        recorder_init(&lab->recorder, lab->trace);
        (void)sim_add_sink(lab->sim, &lab->recorder.sink);
    }
    return true;
}

void lab_free(struct lab *lab)
{
    sim_free(lab->sim);
    detectors_free(lab->detectors);
    probe_free(lab->probe);
    trace_free(lab->trace);
    free(lab->choices);
    free(lab->ops);
    *lab = (struct lab){0};
}

bool lab_run(struct lab *lab, lab_decide_fn decide, void *arg)
{
    const struct sim_scenario *scenario = lab->request->scenario;
    int64_t params[SIM_PARAMS_MAX];

    memcpy(params, lab->request->params, sizeof(params));
    lab->decide = decide;
    lab->arg = arg;
    lab->runs++;
    lab->outcome = (scenario->async ? sim_run_async : sim_run)(lab->sim, scenario->main, params);
    lab->steps += sim_steps(lab->sim);
    if (lab->outcome == SIM_OUTCOME_STUCK &&
        !probe_waiters(&lab->probe, lab->request, sim_schedule(lab->sim), lab->detectors))
        lab->outcome = SIM_OUTCOME_NO_MEMORY;
    lab->out_of_memory |= lab->outcome == SIM_OUTCOME_NO_MEMORY;
    return !lab->out_of_memory;
}

uint32_t lab_by_position(void *arg, const struct lab *lab, const struct sim_choice *choice)
{
    const struct schedule *schedule = arg;
    uint32_t taken = choice->index < schedule->count ? schedule->choices[choice->index] : 0;

    (void)lab;
    return taken < choice->count ? taken : 0;
}

bool lab_shows(const struct lab *lab, const struct shrink_target *target)
{
    size_t count = 0;

    if (!detectors_found(lab->detectors))
        return false;
    const struct sim_finding *findings = detectors_findings(lab->detectors, &count);

    for (size_t i = 0; i < count; i++) {
        struct shrink_target other;

        if (findings[i].kind != target->kind)
            continue;
        shrink_target_of(&other, lab->registry, &findings[i]);
        if (strcmp(other.about, target->about) == 0)
            return true;
    }
    return false;
}

bool lab_shows_error(const struct lab *lab)
{
    return detectors_found_error(lab->detectors);
}

bool lab_target(const struct lab *lab, enum sim_finding_kind kind, struct shrink_target *target)
{
    size_t count = 0;
    const struct sim_finding *findings = detectors_findings(lab->detectors, &count);

    for (size_t i = 0; i < count; i++) {
        if (findings[i].kind == kind) {
            shrink_target_of(target, lab->registry, &findings[i]);
            return true;
        }
    }
    return false;
}
