#include "sim/explore/shrink.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/explore/shrink_fewer.h"
#include "sim/explore/shrink_order.h"

enum {
    RUNS_MAX = 100000,
    STEPS_MAX = 20000000,
    FEWER_RUNS = 5000,
    NEIGHBOURS_MAX = 6,
    FEWER_STEPS = 2000000
};

uint32_t shrink_total(struct shrink_size size)
{
    return size.preemptions + size.others;
}

char *shrink_size_format(struct shrink_size size, char *out, size_t out_size)
{
    int used = 0;

    if (size.preemptions == 0)
        used = snprintf(out, out_size, "no preemption");
    else
        used = snprintf(out, out_size, "%u preemption%s", size.preemptions,
                        size.preemptions == 1 ? "" : "s");
    if (size.others > 0 && used > 0 && (size_t)used < out_size)
        (void)snprintf(out + used, out_size - (size_t)used, " and %u other choice%s", size.others,
                       size.others == 1 ? "" : "s");
    return out;
}

uint32_t shrink_by_position(void *arg, const struct lab *lab, const struct sim_choice *choice)
{
    struct shrink_undo *undo = arg;

    (void)lab;
    if (choice->index >= undo->count)
        return 0;
    uint32_t taken = undo->choices[choice->index].taken;

    if (taken == 0)
        return 0;
    size_t ordinal = undo->seen++;

    if (ordinal >= undo->first && ordinal < undo->end)
        return 0;
    return taken < choice->count ? taken : 0;
}

/* The option that takes the same actor, or is the same number; count if there is none. */
static uint32_t same_option(const struct sim_choice *choice, const struct lab_choice *wanted)
{
    uint32_t i = 0;

    if (sim_choice_is_number(choice->kind))
        return wanted->target < choice->count ? wanted->target : choice->count;
    while (i < choice->count && choice->options[i].actor != wanted->target)
        i++;
    return i;
}

static int compare_places(const struct lab_choice *a, const struct lab_choice *b)
{
    if (a->kind != b->kind)
        return a->kind < b->kind ? -1 : 1;
    if (a->first != b->first)
        return a->first < b->first ? -1 : 1;
    return a->ops == b->ops ? 0 : (a->ops < b->ops ? -1 : 1);
}

static int compare_deviations(const void *left, const void *right)
{
    const struct shrink_deviation *a = left;
    const struct shrink_deviation *b = right;
    int places = compare_places(&a->choice, &b->choice);

    return places != 0 ? places : (a->ordinal < b->ordinal ? -1 : 1);
}

/* The first deviation at a place or behind it. */
static size_t find_place(const struct shrink_undo *undo, const struct lab_choice *place)
{
    size_t low = 0;
    size_t high = undo->deviation_count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (compare_places(&undo->deviations[middle].choice, place) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

uint32_t shrink_by_place(void *arg, const struct lab *lab, const struct sim_choice *choice)
{
    struct shrink_undo *undo = arg;
    uint32_t first = choice->options[0].actor;
    struct lab_choice place = {.kind = choice->kind, .first = first, .ops = lab_ops(lab, first)};

    for (size_t i = find_place(undo, &place); i < undo->deviation_count; i++) {
        const struct shrink_deviation *wanted = &undo->deviations[i];

        if (compare_places(&wanted->choice, &place) != 0)
            break;
        uint32_t option = same_option(choice, &wanted->choice);

        if (undo->used[wanted->ordinal] || option == choice->count ||
            (wanted->ordinal >= undo->first && wanted->ordinal < undo->end))
            continue;
        undo->used[wanted->ordinal] = true;
        return option;
    }
    return 0;
}

/* A failing run, and the lab in which it is made smaller. */
struct shrinker {
    struct lab lab;
    struct lab_choice *best; /* owned: choices of the smallest failing run */
    size_t count;
    struct shrink_deviation *deviations; /* owned: of best, by their places */
    size_t deviation_count;
    bool *used; /* room for as many */
    uint64_t max_runs;
    struct shrink_report *report;
    bool minimal;
    bool out_of_memory;
};

struct shrink_size shrink_measure(const struct lab_choice *choices, size_t count)
{
    struct shrink_size size = {0};

    for (size_t i = 0; i < count; i++) {
        if (choices[i].taken != 0 && choices[i].preempting)
            size.preemptions++;
        else if (choices[i].taken != 0)
            size.others++;
    }
    return size;
}

/* Room for a run of so many choices.  Returns false when out of memory. */
static bool make_room(struct shrinker *shrinker, size_t count)
{
    struct lab_choice *best = realloc(shrinker->best, (count + 1) * sizeof(*best));
    bool *used = realloc(shrinker->used, (count + 1) * sizeof(*used));
    struct shrink_deviation *deviations =
        realloc(shrinker->deviations, (count + 1) * sizeof(*deviations));

    if (best != NULL)
        shrinker->best = best;
    if (used != NULL)
        shrinker->used = used;
    if (deviations != NULL)
        shrinker->deviations = deviations;
    shrinker->out_of_memory |= best == NULL || used == NULL || deviations == NULL;
    return !shrinker->out_of_memory;
}

/* Keep the last run of a lab as the best. */
static bool keep(struct shrinker *shrinker, const struct lab *lab)
{
    if (!make_room(shrinker, lab->choice_count))
        return false;
    shrinker->count = lab->choice_count;
    shrinker->deviation_count = 0;
    for (size_t i = 0; i < lab->choice_count; i++) {
        uint32_t ordinal = (uint32_t)shrinker->deviation_count;

        shrinker->best[i] = lab->choices[i];
        if (lab->choices[i].taken != 0)
            shrinker->deviations[shrinker->deviation_count++] =
                (struct shrink_deviation){lab->choices[i], ordinal};
    }
    qsort(shrinker->deviations, shrinker->deviation_count, sizeof(*shrinker->deviations),
          compare_deviations);
    return true;
}

static bool is_over(const struct shrinker *shrinker)
{
    return shrinker->lab.runs >= shrinker->max_runs || shrinker->lab.steps >= STEPS_MAX;
}

/* Run without some of the choices.  Returns true if it still fails; it is the best then. */
static bool attempt(struct shrinker *shrinker, size_t first, size_t end, lab_decide_fn decide)
{
    struct shrink_undo undo = {.choices = shrinker->best,
                               .count = shrinker->count,
                               .first = first,
                               .end = end,
                               .deviations = shrinker->deviations,
                               .deviation_count = shrinker->deviation_count,
                               .used = shrinker->used};
    struct lab *lab = &shrinker->lab;

    if (shrinker->out_of_memory || is_over(shrinker))
        return false;
    memset(shrinker->used, 0, shrinker->deviation_count * sizeof(*shrinker->used));
    if (!lab_run(lab, decide, &undo)) {
        shrinker->out_of_memory = true;
        return false;
    }
    /* Fewer, or it would not end. */
    return lab_shows(lab, &shrinker->report->target) &&
           shrink_total(shrink_measure(lab->choices, lab->choice_count)) <
               shrinker->deviation_count &&
           keep(shrinker, lab);
}

/* One pass over all pieces of so many choices each.  Returns true if one could go. */
static bool remove_pieces(struct shrinker *shrinker, size_t piece)
{
    bool smaller = false;
    size_t total = shrinker->deviation_count;

    for (size_t first = 0; first < total;) {
        size_t end = first + piece < total ? first + piece : total;

        if (attempt(shrinker, first, end, shrink_by_place) ||
            attempt(shrinker, first, end, shrink_by_position) ||
            (piece == 1 && attempt(shrinker, first, total, shrink_by_position))) {
            smaller = true;
            total = shrinker->deviation_count;
        } else {
            first += piece;
        }
    }
    return smaller;
}

/* Switching away and back goes only together: try neighbours, wherever they begin.  Returns true if
 * some could go. */
static bool remove_neighbours(struct shrinker *shrinker)
{
    for (size_t piece = 2; piece <= NEIGHBOURS_MAX; piece++)
        for (size_t first = 0; first + piece <= shrinker->deviation_count; first++)
            if (attempt(shrinker, first, first + piece, shrink_by_place) ||
                attempt(shrinker, first, first + piece, shrink_by_position))
                return true;
    return false;
}

static void reduce(struct shrinker *shrinker)
{
    size_t piece = shrinker->deviation_count;

    while (piece > 0) {
        bool smaller = remove_pieces(shrinker, piece);
        size_t total = shrinker->deviation_count;

        if (piece == 1 && !smaller && !remove_neighbours(shrinker))
            break;
        if (piece > total)
            piece = total;
        else if (piece > 1)
            piece /= 2;
    }
}

/* The last stage: is there one with fewer?  The first is such that nothing has fewer than it. */
static bool try_fewer(struct shrinker *shrinker)
{
    struct shrink_report *report = shrinker->report;
    uint64_t left = shrinker->max_runs - shrinker->lab.runs;

    switch (fewer_search(&shrinker->lab, &report->target, (uint32_t)shrinker->deviation_count,
                         left < FEWER_RUNS ? left : FEWER_RUNS, FEWER_STEPS)) {
    case FEWER_FOUND:
        report->fewest = true;
        return keep(shrinker, &shrinker->lab);
    case FEWER_NONE:
        report->fewest = true;
        return true;
    case FEWER_CUT_SHORT:
        return true;
    case FEWER_MEMORY:
    default:
        return false;
    }
}

/* The first stage: the same operations, each actor's together.  The last run of the lab is the
 * failing one. */
static bool reorder(struct shrinker *shrinker, struct lab *recording)
{
    struct step_order order;
    struct lab *lab = &shrinker->lab;
    bool ok = step_order_init(&order, recording) && step_order_together(&order) &&
              lab_run(lab, step_order_follow, &order);

    if (ok && lab_shows(lab, &shrinker->report->target) &&
        shrink_total(shrink_measure(lab->choices, lab->choice_count)) < shrinker->deviation_count)
        ok = keep(shrinker, lab);
    step_order_free(&order);
    return ok;
}

static bool take_result(struct shrinker *shrinker)
{
    struct shrink_report *report = shrinker->report;

    report->after = shrink_measure(shrinker->best, shrinker->count);
    report->runs += shrinker->lab.runs;
    report->minimal = report->fewest || shrinker->minimal;
    report->schedule.count = 0;
    for (size_t i = 0; i < shrinker->count; i++)
        if (!schedule_push(&report->schedule, shrinker->best[i].taken))
            return false;
    return true;
}

/* Run the schedule as it is.  Returns false with the reason in error. */
static bool begin(struct shrinker *shrinker, struct lab *recording, const struct schedule *schedule,
                  enum sim_finding_kind kind, char *error, size_t error_size)
{
    struct schedule given = *schedule; /* only read */
    struct shrink_report *report = shrinker->report;

    if (!lab_run(recording, lab_by_position, &given) || !keep(shrinker, recording))
        return false;
    report->runs = recording->runs;
    report->before = shrink_measure(shrinker->best, shrinker->count);
    if (lab_target(recording, kind, &report->target))
        return true;
    (void)snprintf(error, error_size, "the schedule does not show the finding %s",
                   sim_finding_name(kind));
    return false;
}

bool shrink(const struct run_request *request, const struct schedule *schedule,
            enum sim_finding_kind kind, uint64_t max_runs, struct shrink_report *report,
            char *error, size_t error_size)
{
    struct lab recording;
    struct shrinker shrinker = {.max_runs = max_runs == 0 ? RUNS_MAX : max_runs, .report = report};

    *report = (struct shrink_report){0};
    (void)snprintf(error, error_size, "out of memory");
    bool ok = lab_init(&recording, request, true);

    ok = lab_init(&shrinker.lab, request, false) && ok;
    ok = ok && begin(&shrinker, &recording, schedule, kind, error, error_size) &&
         reorder(&shrinker, &recording);
    if (ok) {
        report->reordered = shrink_measure(shrinker.best, shrinker.count);
        reduce(&shrinker);
        shrinker.minimal = !is_over(&shrinker);
        ok = !shrinker.out_of_memory && (!shrinker.minimal || try_fewer(&shrinker)) &&
             take_result(&shrinker);
    }
    lab_free(&recording);
    lab_free(&shrinker.lab);
    free(shrinker.best);
    free(shrinker.deviations);
    free(shrinker.used);
    if (ok)
        error[0] = '\0';
    return ok;
}

void shrink_report_free(struct shrink_report *report)
{
    schedule_free(&report->schedule);
}
