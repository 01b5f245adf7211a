#include "sim/core/enabled.h"

#include <stdlib.h>

bool enabled_grow(struct enabled *set)
{
    uint32_t capacity = set->capacity == 0 ? 1 : 2 * set->capacity;
    uint64_t *words = realloc(set->words, capacity * sizeof(*words));

    if (words == NULL)
        return false;
    set->words = words;
    set->capacity = capacity;
    return true;
}

void enabled_free(struct enabled *set)
{
    free(set->words);
    *set = (struct enabled){0};
}

uint32_t enabled_nth_of_many(const struct enabled *set, uint32_t threads, uint32_t from,
                             uint32_t nth)
{
    uint32_t count = (threads + ENABLED_BITS - 1) / ENABLED_BITS;
    uint32_t first = from / ENABLED_BITS;

    /* The word in which from lies is looked at twice: its upper part first, its lower part last. */
    for (uint32_t i = 0; i <= count; i++) {
        uint32_t at = (first + i) % count;
        uint64_t upper = UINT64_MAX << from % ENABLED_BITS;
        uint64_t word = set->words[at] & (i == 0 ? upper : i == count ? ~upper : UINT64_MAX);
        uint32_t members = (uint32_t)__builtin_popcountll(word);

        if (nth < members) {
            while (nth-- > 0)
                word &= word - 1;
            return at * ENABLED_BITS + (uint32_t)__builtin_ctzll(word);
        }
        nth -= members;
    }
    SIM_ASSERT(count == 0); /* there were fewer than nth */
    return 0;
}
