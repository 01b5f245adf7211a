/* Arena: memory that is given out piece by piece and taken back all at once. */
#ifndef SIM_BASE_ARENA_H
#define SIM_BASE_ARENA_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct arena_chunk;

/* A line of the cache. */
enum { ARENA_LINE = 64 };

/* Invariant: cursor <= end, both in the chunk `current`; chunks before it are full. */
struct arena {
    char *cursor;
    char *end;
    struct arena_chunk *first;
    struct arena_chunk *current;
    size_t total; /* bytes in all chunks */
    size_t limit;
};

/* Start an empty arena of at most limit bytes.  {0} with a limit set is one too. */
void arena_init(struct arena *arena, size_t limit);
void arena_free(struct arena *arena);

/* Take everything back and keep the chunks. */
void arena_reset(struct arena *arena);

/* Where all that is given out begins, up to the cursor; NULL if it is in several chunks, or
 * nothing.
 */
char *arena_only_chunk(const struct arena *arena);

/* The slow half of arena_alloc: go on to another chunk. */
void *arena_grow(struct arena *arena, size_t size);

/* Memory aligned to 16 bytes, not cleared.  NULL when the limit or the machine's memory is reached.
 */
static inline void *arena_alloc(struct arena *arena, size_t size)
{
    size_t rounded = (size + 15) & ~(size_t)15;

    if (rounded < size || rounded > (size_t)(arena->end - arena->cursor))
        return arena_grow(arena, size);
    void *memory = arena->cursor;

    arena->cursor += rounded;
    return memory;
}

/* The same, but a multiple of ARENA_LINE bytes aligned to ARENA_LINE. */
static inline void *arena_alloc_lines(struct arena *arena, size_t size)
{
    size_t skip = (size_t)(-(uintptr_t)arena->cursor & (ARENA_LINE - 1));
    size_t rounded = (size + ARENA_LINE - 1) & ~(size_t)(ARENA_LINE - 1);

    if (rounded < size || rounded + skip > (size_t)(arena->end - arena->cursor)) {
        char *memory = rounded < size ? NULL : arena_grow(arena, rounded + ARENA_LINE);

        return memory == NULL ? NULL : memory + (-(uintptr_t)memory & (ARENA_LINE - 1));
    }
    char *memory = arena->cursor + skip;

    arena->cursor = memory + rounded;
    return memory;
}

#endif
