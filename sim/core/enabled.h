/* Enabled: which threads can run, as a set of their indexes, one bit each.  Finding the n-th costs
 * no look at any thread: it is done at every choice of every execution. */
#ifndef SIM_CORE_ENABLED_H
#define SIM_CORE_ENABLED_H

#include <stdbool.h>
#include <stdint.h>

#include "sim/base/assert.h"

enum { ENABLED_BITS = 64 };

/* Invariant: bits at and above the number of threads are 0, in the words that threads need. */
struct enabled {
    uint64_t *words; /* owned */
    uint32_t capacity;
};

/* Make the set longer.  False: out of memory. */
bool enabled_grow(struct enabled *set);
void enabled_free(struct enabled *set);

/* The same as enabled_nth, for any number of threads. */
uint32_t enabled_nth_of_many(const struct enabled *set, uint32_t threads, uint32_t from,
                             uint32_t nth);

/* Make room for a thread with this index, the next one of the run; it is not in the set.  False:
 * out of memory. */
static inline bool enabled_make_room(struct enabled *set, uint32_t index)
{
    uint32_t word = index / ENABLED_BITS;

    if (word >= set->capacity && !enabled_grow(set))
        return false;
    /* What an earlier run left there is forgotten when this one comes to it. */
    if (index % ENABLED_BITS == 0)
        set->words[word] = 0;
    return true;
}

static inline void enabled_add(struct enabled *set, uint32_t index)
{
    set->words[index / ENABLED_BITS] |= UINT64_C(1) << index % ENABLED_BITS;
}

static inline void enabled_remove(struct enabled *set, uint32_t index)
{
    set->words[index / ENABLED_BITS] &= ~(UINT64_C(1) << index % ENABLED_BITS);
}

/* Both for one of few threads, whose set is a word. */
static inline void enabled_add_few(struct enabled *set, uint32_t index)
{
    set->words[0] |= UINT64_C(1) << index % ENABLED_BITS;
}

static inline void enabled_remove_few(struct enabled *set, uint32_t index)
{
    set->words[0] &= ~(UINT64_C(1) << index % ENABLED_BITS);
}

static inline bool enabled_has(const struct enabled *set, uint32_t index)
{
    return (set->words[index / ENABLED_BITS] >> index % ENABLED_BITS & 1) != 0;
}

/* The first member that is not below an index; end if there is none below that. */
static inline uint32_t enabled_next(const struct enabled *set, uint32_t at, uint32_t end)
{
    while (at < end) {
        uint64_t word = set->words[at / ENABLED_BITS] >> at % ENABLED_BITS;

        if (word != 0) {
            at += (uint32_t)__builtin_ctzll(word);
            return at < end ? at : end;
        }
        at = (at / ENABLED_BITS + 1) * ENABLED_BITS;
    }
    return end;
}

/* The nth member (from 0; there must be so many) of the set among `threads` indexes, counted in
 * cyclic order beginning at index from. */
static inline uint32_t enabled_nth(const struct enabled *set, uint32_t threads, uint32_t from,
                                   uint32_t nth)
{
    if (__builtin_expect(threads > ENABLED_BITS, 0))
        return enabled_nth_of_many(set, threads, from, nth);
    /* Rotated, so that from is bit 0: what stands above the last thread is empty. */
    uint64_t word = set->words[0];

    from %= ENABLED_BITS;
    word = word >> from | word << (-from % ENABLED_BITS);
    while (nth-- > 0)
        word &= word - 1;
    SIM_ASSERT(word != 0);
    return ((uint32_t)__builtin_ctzll(word) + from) % ENABLED_BITS;
}

#endif
