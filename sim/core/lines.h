/* Lines: memory that is saved where it lies, in lines of the cache, and put back there.  One loop
 * over lines of one size costs less than one over pieces of several. */
#ifndef SIM_CORE_LINES_H
#define SIM_CORE_LINES_H

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#include "sim/base/vec.h"

enum { LINE = 64 };

/* There are a multiple of so many, once they are saved: a loop that copies as many at a time takes
 * fewer instructions. */
enum { LINES_ROUND = 4 };

struct line {
    _Alignas(LINE) char bytes[LINE];
};

/* {0} is none. */
struct lines {
    char **at; /* owned */
    size_t count;
    size_t capacity;
    struct line *saved; /* owned; of those at the same places of at */
    size_t room;        /* in saved */
};

void lines_free(struct lines *lines);

/* Is the processor able to copy a line in few pieces? */
bool lines_can_be_wide(void);

/* Save them, and put them back. */
bool lines_save(struct lines *lines, bool wide); /* false: out of memory */
void lines_restore(const struct lines *lines, bool wide);

/* The first so many of others.  False: out of memory. */
static inline bool lines_copy(struct lines *lines, const struct lines *others, size_t count)
{
    if (!vec_reserve(&lines->at, count, &lines->capacity, sizeof(*lines->at)))
        return false;
    if (count > 0)
        memcpy(lines->at, others->at, count * sizeof(*lines->at));
    lines->count = count;
    return true;
}

/* Those from one address to below another, which must be a line apart at least: the last two may
 * overlap.  False: out of memory. */
static inline bool lines_add(struct lines *lines, void *begin, void *end)
{
    char *from = begin;
    char *last = (char *)end - LINE;
    size_t more = ((size_t)(last - from) + LINE - 1) / LINE + 1;

    if (!vec_reserve(&lines->at, lines->count + more, &lines->capacity, sizeof(*lines->at)))
        return false;
    char **at = &lines->at[lines->count];

    for (size_t i = 0; i + 1 < more; i += 2) {
        at[i] = from + i * LINE;
        at[i + 1] = from + (i + 1) * LINE;
    }
    at[more - 1] = last;
    lines->count += more;
    return true;
}

#endif
