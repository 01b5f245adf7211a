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

__attribute__((target("avx2"))) static void save_wide(struct line *to, char *const *at,
                                                      char *const *end)
{
    for (; at < end; at++, to++) {
        const wide_part *in = (const wide_part *)(const void *)*at;
        wide_part *out = (wide_part *)(void *)to;
        wide_part first = in[0];
        wide_part second = in[1];

        out[0] = first;
        out[1] = second;
    }
}

__attribute__((target("avx2"))) static void restore_wide(const struct line *from, char *const *at,
                                                         char *const *end)
{
    for (; at < end; at++, from++) {
        const wide_part *in = (const wide_part *)(const void *)from;
        wide_part *out = (wide_part *)(void *)*at;
        wide_part first = in[0];
        wide_part second = in[1];

        out[0] = first;
        out[1] = second;
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

bool lines_save(struct lines *lines, bool wide)
{
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
