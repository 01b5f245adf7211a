#include "sim/explore/shrink_fewer.h"

#include <stdlib.h>
#include <string.h>

/* A search is a stack of prefixes: each run goes on by option 0 behind the place where it last did
 * otherwise, and that place moves on over all places and options. */
struct level {
    struct schedule prefix; /* owned: up to the choice that was taken otherwise, and with it */
    uint32_t *counts;       /* owned: how many options each choice of its run had */
    uint32_t *taken;        /* owned: what each choice of its run was */
    size_t count;           /* of choices of its run */
    size_t at;              /* choice that is taken otherwise next */
    uint32_t option;        /* and the option that it takes */
};

struct fewer {
    struct lab *lab;
    const struct shrink_target *target;
    struct level *levels; /* owned */
    uint64_t max_runs;
    uint64_t max_steps;
};

/* Run the prefix of a level, and note its choices. */
static enum fewer_result run_level(struct fewer *fewer, struct level *level)
{
    struct lab *lab = fewer->lab;

    if (lab->runs >= fewer->max_runs || lab->steps >= fewer->max_steps)
        return FEWER_CUT_SHORT;
    if (!lab_run(lab, lab_by_position, &level->prefix))
        return FEWER_MEMORY;
    if (lab_shows(lab, fewer->target))
        return FEWER_FOUND;
    size_t size = (lab->choice_count + 1) * sizeof(uint32_t);
    uint32_t *counts = realloc(level->counts, size);
    uint32_t *taken = realloc(level->taken, size);

    level->counts = counts == NULL ? level->counts : counts;
    level->taken = taken == NULL ? level->taken : taken;
    if (counts == NULL || taken == NULL)
        return FEWER_MEMORY;
    level->count = lab->choice_count;
    level->at = level->prefix.count;
    level->option = 0;
    for (size_t i = 0; i < level->count; i++) {
        counts[i] = lab->choices[i].count;
        taken[i] = lab->choices[i].taken;
    }
    return FEWER_NONE;
}

/* Move a level on to its next option.  Returns false when it has no more. */
static bool advance(struct level *level)
{
    level->option++;
    while (level->at < level->count && level->option >= level->counts[level->at]) {
        level->at++;
        level->option = 1;
    }
    return level->at < level->count;
}

/* The prefix of the level above: this level's run up to the choice, and the option. */
static bool extend(const struct level *level, struct level *above)
{
    above->prefix.count = 0;
    for (size_t i = 0; i < level->at; i++)
        if (!schedule_push(&above->prefix, level->taken[i]))
            return false;
    return schedule_push(&above->prefix, level->option);
}

/* All runs with exactly so many. */
static enum fewer_result search_exactly(struct fewer *fewer, uint32_t depth)
{
    uint32_t top = 0;
    enum fewer_result result = FEWER_NONE;

    fewer->levels[0].prefix.count = 0;
    result = run_level(fewer, &fewer->levels[0]);
    while (result == FEWER_NONE) {
        struct level *level = &fewer->levels[top];

        if (top == depth || !advance(level)) {
            if (top == 0)
                return FEWER_NONE;
            top--;
            continue;
        }
        if (!extend(level, level + 1))
            return FEWER_MEMORY;
        result = run_level(fewer, level + 1);
        top++;
    }
    return result;
}

enum fewer_result fewer_search(struct lab *lab, const struct shrink_target *target, uint32_t below,
                               uint64_t max_runs, uint64_t max_steps)
{
    struct fewer fewer = {.lab = lab,
                          .target = target,
                          .levels = calloc((size_t)below + 1, sizeof(struct level)),
                          .max_runs = lab->runs + max_runs,
                          .max_steps = lab->steps + max_steps};
    enum fewer_result result = FEWER_NONE;

    if (fewer.levels == NULL)
        return FEWER_MEMORY;
    for (uint32_t depth = 0; depth < below && result == FEWER_NONE; depth++)
        result = search_exactly(&fewer, depth);
    for (uint32_t i = 0; i <= below; i++) {
        schedule_free(&fewer.levels[i].prefix);
        free(fewer.levels[i].counts);
        free(fewer.levels[i].taken);
    }
    free(fewer.levels);
    return result;
}
