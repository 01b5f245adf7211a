#include "sim/explore/order_run.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/detect/detect.h"
#include "sim/explore/shrink_order.h"
#include "sim/policy/order.h"

enum { RANDOM_TRIES = 1000, PAIRS_MAX = 200 };

#define STEPS_MAX UINT64_C(2000000)

/* A simulation under an order policy. */
struct order_bench {
    struct policy_order order;
    struct lab lab; /* whose policy is not used, but its sinks are */
};

static bool bench_init(struct order_bench *bench, const struct run_request *request,
                       const struct order_spec *spec)
{
    bool ok = policy_order_init(&bench->order, spec, ORDER_POLITE, 0);

    ok = lab_init(&bench->lab, request, false) && ok;
    if (!ok)
        return false;
    sim_set_policy(bench->lab.sim, &bench->order.policy);
    return sim_add_sink(bench->lab.sim, &bench->order.sink);
}

static void bench_free(struct order_bench *bench)
{
    lab_free(&bench->lab);
    policy_order_free(&bench->order);
}

/* Run in one mode.  Returns true if the constraints were met; error says why not. */
static bool bench_run(struct order_bench *bench, enum order_mode mode, uint64_t seed, char *error,
                      size_t error_size)
{
    bench->order.mode = mode;
    bench->order.seed = seed;
    if (!lab_run(&bench->lab, NULL, NULL)) {
        (void)snprintf(error, error_size, "out of memory");
        return false;
    }
    if (policy_order_met(&bench->order) && bench->lab.outcome != SIM_OUTCOME_DIVERGED)
        return true;
    (void)snprintf(error, error_size, "%s", bench->order.why);
    return false;
}

bool order_find(const struct run_request *request, const struct order_spec *spec,
                struct schedule *schedule, char *error, size_t error_size)
{
    struct order_bench bench;
    char ignored[ORDER_WHY_MAX];

    (void)snprintf(error, error_size, "out of memory");
    bool ready = bench_init(&bench, request, spec);
    bool met = ready && (bench_run(&bench, ORDER_POLITE, 0, ignored, sizeof(ignored)) ||
                         bench_run(&bench, ORDER_DRIVEN, 0, error, error_size));

    for (uint64_t seed = 0; ready && !met && seed < RANDOM_TRIES && bench.lab.steps < STEPS_MAX &&
                            !bench.lab.out_of_memory;
         seed++)
        met = bench_run(&bench, ORDER_RANDOM, seed, ignored, sizeof(ignored));
    met = met && schedule_copy(schedule, sim_schedule(bench.lab.sim));
    if (met)
        error[0] = '\0';
    bench_free(&bench);
    return met;
}

/* ---- From a run to constraints. ---- */

/* What an event of the recorded run is called. */
static void name_event(const struct step_order *order, const struct registry *registry,
                       uint32_t index, struct order_event *event)
{
    const struct step_node *node = &order->nodes[index];
    char other[REGISTRY_NAME_MAX];

    *event = (struct order_event){.op = node->kind, .nth = 1};
    (void)registry_name(registry, node->actor, event->actor);
    if (node->object != 0 && node->object != node->actor)
        (void)registry_name(registry, node->object, event->object);
    /* Others of the same names count, too. */
    for (uint32_t i = 0; i < index; i++) {
        const struct step_node *before = &order->nodes[i];

        if (before->kind != node->kind ||
            (before->object != node->object &&
             (before->object == 0 || before->object == before->actor || event->object[0] == '\0' ||
              strcmp(registry_name(registry, before->object, other), event->object) != 0)) ||
            (before->actor != node->actor &&
             strcmp(registry_name(registry, before->actor, other), event->actor) != 0))
            continue;
        event->nth++;
    }
}

/* A constraint in the making. */
struct named_pair {
    struct order_event before;
    struct order_event after;
};

/* Constraints that are tried on a scenario. */
struct trial {
    const struct run_request *request;
    const struct shrink_target *target;
    const struct step_order *order;
    const struct registry *registry;
    struct named_pair *pairs; /* owned */
    size_t count;
    uint64_t steps; /* of all runs so far */
};

static void add_pair(struct trial *trial, uint32_t early, uint32_t late)
{
    struct named_pair *pair = &trial->pairs[trial->count++];

    name_event(trial->order, trial->registry, early, &pair->before);
    name_event(trial->order, trial->registry, late, &pair->after);
}

static bool make_spec(const struct trial *trial, size_t without, struct order_spec *spec)
{
    order_spec_free(spec);
    for (size_t i = 0; i < trial->count; i++) {
        uint32_t before = 0;
        uint32_t after = 0;

        if (i != without && !(order_spec_event(spec, &trial->pairs[i].before, &before) &&
                              order_spec_event(spec, &trial->pairs[i].after, &after) &&
                              order_spec_pair(spec, before, after)))
            return false;
    }
    return true;
}

/* Does the scenario show the target under these constraints? */
static bool is_enough(struct trial *trial, const struct order_spec *spec)
{
    struct order_bench bench;
    char error[ORDER_WHY_MAX];
    bool ok = bench_init(&bench, trial->request, spec) &&
              (bench_run(&bench, ORDER_POLITE, 0, error, sizeof(error)) ||
               bench_run(&bench, ORDER_DRIVEN, 0, error, sizeof(error))) &&
              lab_shows(&bench.lab, trial->target);

    trial->steps += bench.lab.steps;
    bench_free(&bench);
    return ok;
}

/* The steps that the finding names, one after the other, where the actor changes. */
static void pairs_of_finding(struct trial *trial, const struct sim_finding *finding)
{
    const struct step_node *nodes = trial->order->nodes;
    uint32_t last = UINT32_MAX;

    for (uint32_t i = 0; i < trial->order->count && trial->count < PAIRS_MAX; i++) {
        bool named = false;

        for (int step = 0; step < finding->step_count; step++)
            named |= finding->steps[step].step == nodes[i].step;
        if (!named)
            continue;
        if (last != UINT32_MAX && nodes[last].actor != nodes[i].actor)
            add_pair(trial, last, i);
        last = i;
    }
}

/* Every pair of steps of different actors of which the later depends on the earlier. */
static void pairs_of_run(struct trial *trial)
{
    const struct step_order *order = trial->order;

    for (size_t i = 0; i < order->edge_count && trial->count < PAIRS_MAX; i++) {
        uint32_t early = order->edges[2 * i];
        uint32_t late = order->edges[2 * i + 1];

        if (step_order_conflicts(&order->nodes[early], &order->nodes[late]))
            add_pair(trial, early, late);
    }
}

/* Who asks for a lock in vain: how often it, or others of its name, had it before. */
static void name_vain(const struct trial *trial, const struct sim_event *block,
                      struct order_event *event)
{
    char other[REGISTRY_NAME_MAX];

    *event = (struct order_event){.op = SIM_EV_ACQUIRE, .nth = 1};
    (void)registry_name(trial->registry, block->actor, event->actor);
    (void)registry_name(trial->registry, block->object, event->object);
    for (size_t i = 0; i < trial->order->count; i++) {
        const struct step_node *node = &trial->order->nodes[i];

        event->nth +=
            node->kind == SIM_EV_ACQUIRE &&
            strcmp(registry_name(trial->registry, node->object, other), event->object) == 0 &&
            strcmp(registry_name(trial->registry, node->actor, other), event->actor) == 0;
    }
}

/* Who asks for a lock in vain comes after who had it last. */
static void pairs_in_vain(struct trial *trial, const struct trace *trace)
{
    const struct step_order *order = trial->order;

    for (size_t i = 0; i < trace->event_count && trial->count < PAIRS_MAX; i++) {
        const struct sim_event *block = &trace->events[i];
        uint32_t last = UINT32_MAX;

        for (uint32_t k = 0; block->kind == SIM_EV_BLOCK && k < order->count; k++)
            if (order->nodes[k].kind == SIM_EV_ACQUIRE && order->nodes[k].object == block->object)
                last = k;
        if (last == UINT32_MAX || order->nodes[last].actor == block->actor ||
            order->nodes[last].step > block->step)
            continue;
        struct named_pair *pair = &trial->pairs[trial->count++];

        name_event(order, trial->registry, last, &pair->before);
        name_vain(trial, block, &pair->after);
    }
}

/* Leave out what is not needed, one after the other. */
static bool drop_needless(struct trial *trial, struct order_spec *spec)
{
    for (size_t i = trial->count; i-- > 0 && trial->steps < STEPS_MAX;) {
        if (!make_spec(trial, i, spec))
            return false;
        if (!is_enough(trial, spec))
            continue;
        memmove(&trial->pairs[i], &trial->pairs[i + 1],
                (trial->count - i - 1) * sizeof(trial->pairs[0]));
        trial->count--;
    }
    return make_spec(trial, SIZE_MAX, spec);
}

static bool try_constraints(struct trial *trial, const struct trace *trace,
                            const struct sim_finding *finding, struct order_spec *spec)
{
    pairs_of_finding(trial, finding);
    if (!make_spec(trial, SIZE_MAX, spec))
        return false;
    /* The steps of its story say most, even if fewer would do. */
    if (is_enough(trial, spec))
        return true;
    pairs_in_vain(trial, trace);
    pairs_of_run(trial);
    return make_spec(trial, SIZE_MAX, spec) && is_enough(trial, spec) && drop_needless(trial, spec);
}

static bool find_finding(const struct lab *lab, const struct shrink_target *target,
                         struct sim_finding *found)
{
    size_t count = 0;
    const struct sim_finding *findings = detectors_findings(lab->detectors, &count);

    for (size_t i = 0; i < count; i++) {
        struct shrink_target other;

        shrink_target_of(&other, lab->registry, &findings[i]);
        if (other.kind != target->kind || strcmp(other.about, target->about) != 0)
            continue;
        *found = findings[i];
        return true;
    }
    return false;
}

bool order_explain(const struct run_request *request, const struct schedule *schedule,
                   const struct shrink_target *target, struct order_spec *spec)
{
    struct lab lab;
    struct step_order order = {0};
    struct schedule given = *schedule; /* only read */
    struct sim_finding finding;
    bool ok = lab_init(&lab, request, true) && lab_run(&lab, lab_by_position, &given) &&
              find_finding(&lab, target, &finding) && step_order_init(&order, &lab);

    if (ok) {
        struct trial trial = {.request = request,
                              .target = target,
                              .order = &order,
                              .registry = lab.trace->registry,
                              .pairs = calloc(PAIRS_MAX, sizeof(struct named_pair))};

        ok = trial.pairs != NULL && try_constraints(&trial, lab.trace, &finding, spec);
        free(trial.pairs);
    }
    step_order_free(&order);
    lab_free(&lab);
    return ok;
}
