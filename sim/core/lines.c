#include "sim/core/lines.h"

#include <stdint.h>
#include <stdlib.h>

#include "sim/base/assert.h"

/* Parts of a line, as large as a register. */
typedef uint64_t part __attribute__((vector_size(16), aligned(1), may_alias));

void lines_free(struct lines *lines)
{
    free(lines->at);
    free(lines->saved);
    *lines = (struct lines){0};
}

/* All is read before any of it is written: what is read behind something that was written waits
 * until it is known not to be the same. */
static inline __attribute__((always_inline)) void copy(void *to, const void *from)
{
    const part *in = from;
    part *out = to;
    part first = in[0];
    part second = in[1];
    part third = in[2];
    part fourth = in[3];

    out[0] = first;
    out[1] = second;
    out[2] = third;
    out[3] = fourth;
}

#ifdef __x86_64__
typedef uint64_t wide_part __attribute__((vector_size(32), aligned(1), may_alias));

bool lines_can_be_wide(void)
{
    return __builtin_cpu_supports("avx2");
}

__attribute__((target("avx2"))) static inline void copy_wide(void *to, const void *from)
{
    const wide_part *in = from;
    wide_part *out = to;
    wide_part first = in[0];
    wide_part second = in[1];

    out[0] = first;
    out[1] = second;
}

_Static_assert((int)LINES_ROUND == 4, "so many are copied at a time");

__attribute__((target("avx2"))) static void save_wide(struct line *to, char *const *at,
                                                      char *const *end)
{
    for (; at < end; at += LINES_ROUND, to += LINES_ROUND) {
        copy_wide(&to[0], at[0]);
        copy_wide(&to[1], at[1]);
        copy_wide(&to[2], at[2]);
        copy_wide(&to[3], at[3]);
    }
}

__attribute__((target("avx2"))) static void restore_wide(const struct line *from, char *const *at,
                                                         char *const *end)
{
    for (; at < end; at += LINES_ROUND, from += LINES_ROUND) {
        copy_wide(at[0], &from[0]);
        copy_wide(at[1], &from[1]);
        copy_wide(at[2], &from[2]);
        copy_wide(at[3], &from[3]);
    }
}
#else
bool lines_can_be_wide(void)
{
    return false;
}

static void save_wide(struct line *to, char *const *at, char *const *end)
{
    SIM_ASSERT(to == NULL && at == end);
}

static void restore_wide(const struct line *from, char *const *at, char *const *end)
{
    SIM_ASSERT(from == NULL && at == end);
}
#endif

/* The last one is there more than once, then. */
static bool round_up(struct lines *lines)
{
    if (!vec_reserve(&lines->at, lines->count + LINES_ROUND, &lines->capacity, sizeof(*lines->at)))
        return false;
    for (; lines->count % LINES_ROUND != 0; lines->count++)
        lines->at[lines->count] = lines->at[lines->count - 1];
    return true;
}

bool lines_save(struct lines *lines, bool wide)
{
    if (!round_up(lines))
        return false;
    char *const *end = lines->at + lines->count;

    if (lines->room < lines->count) {
        free(lines->saved);
        lines->saved = aligned_alloc(LINE, lines->capacity * sizeof(struct line));
        lines->room = lines->saved == NULL ? 0 : lines->capacity;
        if (lines->saved == NULL)
            return false;
    }
    if (wide)
        save_wide(lines->saved, lines->at, end);
    else
        for (size_t i = 0; i < lines->count; i++)
            copy(&lines->saved[i], lines->at[i]);
    return true;
}

void lines_restore(const struct lines *lines, bool wide)
{
    if (wide)
        restore_wide(lines->saved, lines->at, lines->at + lines->count);
    else
        for (size_t i = 0; i < lines->count; i++)
            copy(lines->at[i], &lines->saved[i]);
}
