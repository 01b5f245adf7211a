/* Arena: memory that is given out piece by piece and taken back all at once. */
#ifndef SIM_BASE_ARENA_H
#define SIM_BASE_ARENA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct arena_chunk;

/* How pieces are aligned: as anything must be; and to a line of the cache. */
enum { ARENA_PIECE = 16, ARENA_LINE = 64 };

/* What is given out up to the limit depends on the pieces asked for, and on nothing else: neither
 * on addresses, nor on the chunks that are kept from before.
 * Invariant: start <= cursor <= end, all in the chunk `current`; chunks before it are full; between
 * start and end is no more than may still be given out.  A cursor in the middle of a line is so in
 * whatever chunk. */
struct arena {
    char *cursor;
    char *end;
    char *start;  /* of what was given out of the current chunk */
    size_t given; /* bytes, of the chunks before */
    struct arena_chunk *first;
    struct arena_chunk *current;
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

/* The bytes given out, with those that align them. */
static inline size_t arena_given(const struct arena *arena)
{
    return arena->given + (size_t)(arena->cursor - arena->start);
}

/* Are there so many bytes below the limit? */
static inline bool arena_allows(const struct arena *arena, size_t size)
{
    return size <= arena->limit - arena_given(arena);
}

/* Where a piece was refused, of so many bytes and so aligned: was it for the limit?  If not, the
 * machine had no memory. */
bool arena_is_full(const struct arena *arena, size_t size, size_t alignment);

/* The slow half of arena_alloc: size bytes of another chunk, the last `size - skip` of which are
 * returned.  NULL as there. */
void *arena_grow(struct arena *arena, size_t skip, size_t size);

/* Memory aligned to ARENA_PIECE bytes, not cleared.  NULL when the limit or the machine's memory is
 * reached. */
static inline void *arena_alloc(struct arena *arena, size_t size)
{
    size_t rounded = (size + ARENA_PIECE - 1) & ~(size_t)(ARENA_PIECE - 1);

    if (rounded < size || rounded > (size_t)(arena->end - arena->cursor))
        return rounded < size ? NULL : arena_grow(arena, 0, rounded);
    void *memory = arena->cursor;

    arena->cursor += rounded;
    return memory;
}

/* The same, but a multiple of ARENA_LINE bytes aligned to ARENA_LINE. */
static inline void *arena_alloc_lines(struct arena *arena, size_t size)
{
    size_t skip = (size_t)(-(uintptr_t)arena->cursor & (ARENA_LINE - 1));
    size_t rounded = (size + ARENA_LINE - 1) & ~(size_t)(ARENA_LINE - 1);

    if (rounded < size || rounded + skip > (size_t)(arena->end - arena->cursor))
        return rounded + skip < size ? NULL : arena_grow(arena, skip, rounded + skip);
    char *memory = arena->cursor + skip;

    arena->cursor = memory + rounded;
    return memory;
}

#endif
