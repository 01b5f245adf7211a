#include "sim/explore/fate.h"

#include <stdlib.h>
#include <string.h>

#include "sim/base/prng.h"
#include "sim/base/vec.h"

enum {
    EXACT_MAX = 20000,
    EXACT_STEPS = 2000000,
    SAMPLES = 400,
    SAMPLES_LEAST = 20,
    SAMPLE_STEPS = 4000000
};

/* The continuations of a prefix, one after the other: an odometer behind it. */
struct odometer {
    const struct schedule *prefix;
    uint32_t *taken;  /* owned: of the choices behind the prefix */
    uint32_t *counts; /* owned */
    size_t taken_capacity;
    size_t counts_capacity;
    size_t depth; /* choices of this run behind the prefix */
    size_t fixed; /* of them, decided by the odometer */
    bool out_of_memory;
};

static uint32_t odometer_decide(void *arg, const struct lab *lab, const struct sim_choice *choice)
{
    struct odometer *odometer = arg;

    (void)lab;
    if (choice->index < odometer->prefix->count) {
        uint32_t taken = odometer->prefix->choices[choice->index];

        return taken < choice->count ? taken : 0;
    }
    size_t depth = odometer->depth;

    if (!vec_reserve(&odometer->taken, depth + 1, &odometer->taken_capacity,
                     sizeof(*odometer->taken)) ||
        !vec_reserve(&odometer->counts, depth + 1, &odometer->counts_capacity,
                     sizeof(*odometer->counts))) {
        odometer->out_of_memory = true;
        return 0;
    }
    odometer->depth++;
    if (depth >= odometer->fixed)
        odometer->taken[depth] = 0;
    odometer->counts[depth] = choice->count;
    return odometer->taken[depth] < choice->count ? odometer->taken[depth] : 0;
}

/* Step to the next continuation.  Returns false when all have been run. */
static bool odometer_next(struct odometer *odometer)
{
    while (odometer->depth > 0) {
        size_t last = odometer->depth - 1;

        if (++odometer->taken[last] < odometer->counts[last]) {
            odometer->fixed = odometer->depth;
            return true;
        }
        odometer->depth--;
    }
    return false;
}

struct fate {
    struct lab lab;
    const struct shrink_target *target;
    const struct schedule *schedule;
    struct fate_report *report;
    struct schedule prefix; /* owned */
    struct odometer odometer;
    uint64_t exact_left; /* runs that may still be spent on exact shares */
    uint64_t samples;
    uint64_t seed;
    double below; /* share behind the choice at known */
    size_t known; /* choices; the share of this prefix of the schedule is below */
};

/* The exact share of the prefix's continuations that fail.  Returns false if the runs do not
 * suffice, or when out of memory (then the lab or the odometer says so). */
static bool exact_share(struct fate *fate, struct fate_point *point, double *share)
{
    struct odometer *odometer = &fate->odometer;

    uint64_t passed = point->runs - point->failed;

    odometer->prefix = &fate->prefix;
    odometer->fixed = 0;
    *share = 0;
    do {
        double weight = 1;

        if (fate->exact_left == 0 || fate->lab.steps >= EXACT_STEPS)
            return false;
        fate->exact_left--;
        odometer->depth = 0;
        if (!lab_run(&fate->lab, odometer_decide, odometer) || odometer->out_of_memory)
            return false;
        for (size_t i = 0; i < odometer->depth; i++)
            weight /= odometer->counts[i];
        bool fails = lab_shows(&fate->lab, fate->target);

        *share += fails ? weight : 0;
        point->runs++;
        point->failed += fails;
    } while (odometer_next(odometer));
    /* All are all: no rounding. */
    if (point->runs - point->failed == passed)
        *share = 1;
    return true;
}

static bool set_prefix(struct fate *fate, size_t choices)
{
    fate->prefix.count = 0;
    for (size_t i = 0; i < choices; i++)
        if (!schedule_push(&fate->prefix, fate->schedule->choices[i]))
            return false;
    return true;
}

/* The same, and another choice behind it. */
static bool set_other(struct fate *fate, size_t choices, uint32_t option)
{
    if (set_prefix(fate, choices) && schedule_push(&fate->prefix, option))
        return true;
    fate->lab.out_of_memory = true;
    return false;
}

/* The share of one choice less, from that of one choice more: the other options are run.  Returns
 * false if it cannot be had. */
static bool step_back(struct fate *fate, struct fate_point *point, uint32_t count)
{
    uint32_t taken = fate->schedule->choices[fate->known - 1];
    double sum = fate->below;

    for (uint32_t option = 0; option < count; option++) {
        double share = 0;

        if (option == taken)
            continue;
        if (!set_other(fate, fate->known - 1, option) || !exact_share(fate, point, &share))
            return false;
        sum += share;
    }
    fate->below = sum / count;
    fate->known--;
    return true;
}

/* ---- Samples. ---- */

struct sampler {
    const struct schedule *prefix;
    struct prng prng;
};

static uint32_t sampler_decide(void *arg, const struct lab *lab, const struct sim_choice *choice)
{
    struct sampler *sampler = arg;

    (void)lab;
    if (choice->index >= sampler->prefix->count)
        return prng_below(&sampler->prng, choice->count);
    uint32_t taken = sampler->prefix->choices[choice->index];

    return taken < choice->count ? taken : 0;
}

/* Square root by Newton's method: the library needs no other. */
static double square_root(double x)
{
    double root = x > 1 ? x : 1;

    for (int i = 0; i < 60 && x > 0; i++)
        root = (root + x / root) / 2;
    return x > 0 ? root : 0;
}

static bool sample(struct fate *fate, struct fate_point *point)
{
    struct sampler sampler = {.prefix = &fate->prefix};

    point->runs = 0;
    point->failed = 0;
    if (!set_prefix(fate, point->choices))
        return false;
    for (uint64_t i = 0; i < fate->samples; i++) {
        prng_seed(&sampler.prng, fate->seed + i * UINT64_C(0x9e3779b97f4a7c15) + point->choices);
        if (!lab_run(&fate->lab, sampler_decide, &sampler))
            return false;
        point->runs++;
        point->failed += lab_shows(&fate->lab, fate->target);
    }
    point->share = (double)point->failed / (double)point->runs;
    point->error = square_root(point->share * (1 - point->share) / (double)point->runs);
    return true;
}

/* ---- Along the run. ---- */

/* Choose the points, and say which choice leads to each. */
static bool place_points(struct fate *fate, const struct lab *failing)
{
    struct fate_report *report = fate->report;
    size_t choices = failing->choice_count;
    size_t points = choices + 1 <= FATE_POINTS_MAX ? choices + 1 : FATE_POINTS_MAX;
    size_t place = 0;
    uint32_t index = 0;

    report->points = calloc(points, sizeof(*report->points));
    if (report->points == NULL)
        return false;
    report->count = points;
    for (size_t i = 0; i < points; i++) {
        struct fate_point *point = &report->points[i];

        point->choices = (uint32_t)(points == 1 ? 0 : i * choices / (points - 1));
        if (point->choices == 0)
            continue;
        const struct lab_choice *choice = &failing->choices[point->choices - 1];

        point->actor = sim_choice_is_number(choice->kind) ? 0 : choice->target;
        point->taken = choice->taken;
        point->count = choice->count;
        for (; index < point->choices && place < failing->trace->event_count; place++) {
            const struct sim_event *event = &failing->trace->events[place];

            if (event->kind != SIM_EV_CHOICE)
                continue;
            index++;
            point->step = event->step;
        }
    }
    return true;
}

/* Measure from the last point to the first: exactly as long as the runs last. */
static bool measure_points(struct fate *fate, const struct lab *failing)
{
    struct fate_report *report = fate->report;
    bool exact = true;

    fate->below = 1;
    fate->known = failing->choice_count;
    for (size_t i = report->count; i-- > 0;) {
        struct fate_point *point = &report->points[i];

        while (exact && fate->known > point->choices)
            exact = step_back(fate, point, failing->choices[fate->known - 1].count);
        if (fate->lab.out_of_memory || fate->odometer.out_of_memory)
            return false;
        if (!exact && !sample(fate, point))
            return false;
        if (exact)
            point->share = fate->below;
        point->exact = exact;
    }
    return true;
}

/* So many samples at each point that they do not take too long. */
static uint64_t affordable(const struct fate_report *report, const struct lab *failing)
{
    uint64_t samples = SAMPLE_STEPS / (report->count * (failing->steps + 1));

    return samples > SAMPLES ? SAMPLES : (samples < SAMPLES_LEAST ? SAMPLES_LEAST : samples);
}

static void find_turns(struct fate_report *report)
{
    double most = 1e-9; /* less is rounding */

    report->no_return = report->count;
    while (report->no_return > 0 && report->points[report->no_return - 1].share >= 1)
        report->no_return--;
    for (size_t i = 1; i < report->count; i++) {
        double rise = report->points[i].share - report->points[i - 1].share;

        if (rise <= most)
            continue;
        most = rise;
        report->rise = i;
    }
}

bool fate_measure(const struct run_request *request, const struct schedule *schedule,
                  const struct shrink_target *target, uint64_t max_exact, uint64_t samples,
                  uint64_t seed, struct fate_report *report)
{
    struct fate fate = {.target = target,
                        .schedule = schedule,
                        .report = report,
                        .exact_left = max_exact == 0 ? EXACT_MAX : max_exact,
                        .seed = seed};
    struct schedule given = *schedule; /* only read */
    struct lab failing;

    *report = (struct fate_report){0};
    bool ok = lab_init(&failing, request, true);

    ok = lab_init(&fate.lab, request, false) && ok;
    ok = ok && lab_run(&failing, lab_by_position, &given) && place_points(&fate, &failing);
    fate.samples = samples != 0 ? samples : ok ? affordable(report, &failing) : 0;
    ok = ok && measure_points(&fate, &failing);
    if (ok)
        find_turns(report);
    report->runs = fate.lab.runs;
    free(fate.odometer.taken);
    free(fate.odometer.counts);
    schedule_free(&fate.prefix);
    lab_free(&fate.lab);
    lab_free(&failing);
    return ok;
}

void fate_report_free(struct fate_report *report)
{
    free(report->points);
    *report = (struct fate_report){0};
}
