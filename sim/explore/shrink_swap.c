#include "sim/explore/shrink_swap.h"

#include <stdlib.h>
#include <string.h>

#include "sim/base/vec.h"
#include "sim/detect/detect.h"
#include "sim/explore/shrink_order.h"

/* What each part of the search may cost: runs, their steps, and looking at dependences. */
enum { SWAP_RUNS_MAX = 2000, SWAP_STEPS_MAX = 2000000, SWAP_LOOKS_MAX = 20000000 };

struct pair {
    uint32_t early;
    uint32_t late;
    int named; /* how many of the two the finding names */
};

struct swapper {
    const struct shrink_target *target;
    struct swap_report *report;
    struct lab failing;       /* keeps the failing run */
    struct lab other;         /* records each of the others */
    struct step_order order;  /* of the failing run */
    struct sim_finding story; /* the target in the failing run */
    struct pair *pairs;       /* owned */
    size_t pair_count;
    size_t pair_capacity;
    uint64_t max_runs;  /* of the other lab */
    uint64_t max_steps; /* of the other lab */
};

static bool names_step(const struct sim_finding *story, uint32_t step)
{
    for (int i = 0; i < story->step_count; i++)
        if (story->steps[i].step == step)
            return true;
    return false;
}

static int compare_pairs(const void *left, const void *right)
{
    const struct pair *a = left;
    const struct pair *b = right;

    if (a->named != b->named)
        return a->named > b->named ? -1 : 1;
    if (a->late != b->late)
        return a->late > b->late ? -1 : 1;
    return a->early == b->early ? 0 : (a->early > b->early ? -1 : 1);
}

static bool add_pair(struct swapper *swapper, uint32_t early, uint32_t late)
{
    const struct step_node *nodes = swapper->order.nodes;

    if (!vec_reserve(&swapper->pairs, swapper->pair_count + 1, &swapper->pair_capacity,
                     sizeof(*swapper->pairs)))
        return false;
    swapper->pairs[swapper->pair_count++] =
        (struct pair){early, late,
                      names_step(&swapper->story, nodes[early].step) +
                          names_step(&swapper->story, nodes[late].step)};
    return true;
}

/* The pairs of conflicting steps that may be exchanged alone: chains of conflicts lead through
 * later ones. */
static bool list_pairs(struct swapper *swapper)
{
    const struct step_order *order = &swapper->order;

    for (size_t i = 0; i < order->edge_count; i++) {
        uint32_t early = order->edges[2 * i];
        uint32_t late = order->edges[2 * i + 1];

        if (step_order_conflicts(&order->nodes[early], &order->nodes[late]) &&
            !add_pair(swapper, early, late))
            return false;
    }
    /* A lock is taken between a taking and its release: their takings are what can change places.
     */
    for (uint32_t late = 0; late < order->count; late++) {
        const struct step_node *node = &order->nodes[late];

        if (node->kind != SIM_EV_ACQUIRE && node->kind != SIM_EV_SEM_ACQUIRE)
            continue;
        for (uint32_t early = late; early-- > 0;) {
            const struct step_node *before = &order->nodes[early];

            if (before->kind != node->kind || before->object != node->object)
                continue;
            if (before->actor != node->actor && !add_pair(swapper, early, late))
                return false;
            break;
        }
    }
    if (swapper->pair_count > 0)
        qsort(swapper->pairs, swapper->pair_count, sizeof(*swapper->pairs), compare_pairs);
    return true;
}

static bool passes(const struct swapper *swapper)
{
    const struct lab *other = &swapper->other;

    return other->outcome != SIM_OUTCOME_STEPS && !lab_shows(other, swapper->target) &&
           !(swapper->report->clean && lab_shows_error(other));
}

/* Is late before early in the last run of the other lab?  It is, too, if early never came. */
static bool exchanged(const struct step_order *other, const struct step_node *early,
                      const struct step_node *late)
{
    if (early->actor >= other->actors || late->actor >= other->actors)
        return false;
    uint32_t first = other->first[early->actor] + early->nth;
    uint32_t second = other->first[late->actor] + late->nth;

    if (second >= other->first[late->actor + 1])
        return false;
    return first >= other->first[early->actor + 1] || other->place[second] < other->place[first];
}

static struct swap_step step_of(const struct step_node *node)
{
    return (struct swap_step){.step = node->step,
                              .actor = node->actor,
                              .object = node->object,
                              .site = node->site,
                              .kind = node->kind};
}

static bool take(struct swapper *swapper, enum swap_how how, const struct pair *pair)
{
    struct swap_report *report = swapper->report;

    report->how = how;
    if (pair != NULL) {
        report->early = step_of(&swapper->order.nodes[pair->early]);
        report->late = step_of(&swapper->order.nodes[pair->late]);
    }
    return schedule_copy(&report->passing, sim_schedule(swapper->other.sim));
}

static void grant(struct swapper *swapper)
{
    swapper->max_runs = swapper->other.runs + SWAP_RUNS_MAX;
    swapper->max_steps = swapper->other.steps + SWAP_STEPS_MAX;
}

static bool may_run(const struct swapper *swapper)
{
    return swapper->other.runs < swapper->max_runs && swapper->other.steps < swapper->max_steps;
}

/* Exchange the pairs, one after the other, until a run passes.  Returns false when out of memory.
 */
static bool try_pairs(struct swapper *swapper)
{
    struct lab *other = &swapper->other;
    size_t looks = SWAP_LOOKS_MAX / (swapper->order.count + swapper->order.edge_count + 1) + 1;

    for (size_t i = 0; i < swapper->pair_count && i < looks && may_run(swapper); i++) {
        const struct pair *pair = &swapper->pairs[i];
        bool possible = false;

        if (!step_order_swapped(&swapper->order, pair->early, pair->late, &possible))
            return false;
        if (!possible)
            continue;
        if (!lab_run(other, step_order_follow, &swapper->order))
            return false;
        if (!passes(swapper))
            continue;
        struct step_order after;
        bool ok = step_order_init(&after, other);
        bool done = ok && exchanged(&after, &swapper->order.nodes[pair->early],
                                    &swapper->order.nodes[pair->late]);

        step_order_free(&after);
        if (!ok)
            return false;
        if (done)
            return take(swapper, SWAP_STEPS, pair);
    }
    return true;
}

/* The first pair that the last run of the other lab has the other way round; NULL if none. */
static const struct pair *find_exchanged(const struct swapper *swapper,
                                         const struct step_order *after)
{
    for (size_t i = 0; i < swapper->pair_count; i++)
        if (exchanged(after, &swapper->order.nodes[swapper->pairs[i].early],
                      &swapper->order.nodes[swapper->pairs[i].late]))
            return &swapper->pairs[i];
    return NULL;
}

static bool take_choice(struct swapper *swapper)
{
    struct step_order after;
    bool ok = step_order_init(&after, &swapper->other) &&
              take(swapper, SWAP_CHOICE, find_exchanged(swapper, &after));

    step_order_free(&after);
    return ok;
}

/* Change one choice at a time, from the last to the first; those that are not 0 become 0 before any
 * other is changed. */
static bool try_choices(struct swapper *swapper, const struct schedule *failing, bool undo)
{
    struct schedule changed = {0};
    struct lab *other = &swapper->other;
    const struct lab *lab = &swapper->failing;
    bool ok = schedule_copy(&changed, failing);

    for (size_t i = failing->count; ok && i-- > 0 && swapper->report->how == SWAP_NONE;) {
        uint32_t was = failing->choices[i];
        uint32_t count = i < lab->choice_count ? lab->choices[i].count : 0;

        for (uint32_t option = 0; ok && option < count && may_run(swapper); option++) {
            if (option == was || undo != (was != 0 && option == 0))
                continue;
            changed.choices[i] = option;
            ok = lab_run(other, lab_by_position, &changed);
            if (ok && passes(swapper)) {
                ok = take_choice(swapper);
                break;
            }
        }
        changed.choices[i] = was;
    }
    schedule_free(&changed);
    return ok;
}

static bool find_story(struct swapper *swapper)
{
    size_t count = 0;
    const struct sim_finding *findings = detectors_findings(swapper->failing.detectors, &count);

    for (size_t i = 0; i < count; i++) {
        struct shrink_target target;

        shrink_target_of(&target, swapper->failing.registry, &findings[i]);
        if (target.kind == swapper->target->kind &&
            strcmp(target.about, swapper->target->about) == 0) {
            swapper->story = findings[i];
            return true;
        }
    }
    return false;
}

/* Returns false when out of memory. */
static bool look(struct swapper *swapper, const struct schedule *failing, bool clean)
{
    swapper->report->clean = clean;
    grant(swapper);
    if (!try_pairs(swapper))
        return false;
    grant(swapper);
    return swapper->report->how != SWAP_NONE ||
           (try_choices(swapper, failing, true) &&
            (swapper->report->how != SWAP_NONE || try_choices(swapper, failing, false)));
}

bool swap_find(const struct run_request *request, const struct schedule *failing,
               const struct shrink_target *target, struct swap_report *report)
{
    struct swapper swapper = {.target = target, .report = report};
    struct schedule given = *failing; /* only read */

    *report = (struct swap_report){0};
    bool ok = lab_init(&swapper.failing, request, true);

    ok = lab_init(&swapper.other, request, true) && ok;
    ok = ok && lab_run(&swapper.failing, lab_by_position, &given) &&
         step_order_init(&swapper.order, &swapper.failing);
    if (ok && find_story(&swapper)) {
        ok = list_pairs(&swapper) && look(&swapper, failing, true);
        if (ok && report->how == SWAP_NONE)
            ok = look(&swapper, failing, false);
        report->runs = swapper.other.runs;
    }
    step_order_free(&swapper.order);
    free(swapper.pairs);
    lab_free(&swapper.failing);
    lab_free(&swapper.other);
    return ok;
}

void swap_report_free(struct swap_report *report)
{
    schedule_free(&report->passing);
}
