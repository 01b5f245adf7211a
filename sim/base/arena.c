#include "sim/base/arena.h"

#include <stdlib.h>
#include <sys/mman.h>

#include "sim/base/assert.h"

enum { CHUNK_MIN = 64 << 10, CHUNK_MAX = 8 << 20, HUGE_PAGE = 2 << 20 };

struct arena_chunk {
    struct arena_chunk *next;
    size_t size; /* of data */
    _Alignas(ARENA_LINE) char data[];
};

void arena_init(struct arena *arena, size_t limit)
{
    *arena = (struct arena){.limit = limit};
}

void arena_free(struct arena *arena)
{
    struct arena_chunk *chunk = arena->first;

    while (chunk != NULL) {
        struct arena_chunk *next = chunk->next;

        free(chunk);
        chunk = next;
    }
    arena_init(arena, arena->limit);
}

/* Go on in a chunk, as far into a line of it as the cursor is into one now. */
static void enter(struct arena *arena, struct arena_chunk *chunk)
{
    size_t into = (uintptr_t)arena->cursor % ARENA_LINE;

    arena->given = arena_given(arena);
    arena->current = chunk;
    arena->start = chunk->data + into;
    arena->cursor = arena->start;
    size_t allowed = arena->limit - arena->given;
    size_t room = chunk->size - into;

    arena->end = arena->start + (room < allowed ? room : allowed);
}

void arena_reset(struct arena *arena)
{
    arena->start = NULL;
    arena->cursor = NULL;
    arena->given = 0;
    if (arena->first != NULL)
        enter(arena, arena->first);
}

char *arena_only_chunk(const struct arena *arena)
{
    return arena->current == NULL || arena->current != arena->first ? NULL : arena->first->data;
}

/* Large chunks in huge pages, if the system has some: what walks through them then seldom misses
 * the TLB.  Makes *room, the bytes of data, as large as the pages allow, but at most `most`. */
static struct arena_chunk *chunk_memory(size_t *room, size_t most)
{
    size_t size = sizeof(struct arena_chunk) + *room;
    size_t pages = (size + HUGE_PAGE - 1) & ~(size_t)(HUGE_PAGE - 1);

    SIM_ASSERT(size > *room && *room % ARENA_LINE == 0);
    if (size < HUGE_PAGE || pages - sizeof(struct arena_chunk) > most)
        return aligned_alloc(ARENA_LINE, (size + ARENA_LINE - 1) & ~(size_t)(ARENA_LINE - 1));
    struct arena_chunk *chunk = aligned_alloc(HUGE_PAGE, pages);

    if (chunk == NULL)
        return NULL;
    (void)madvise(chunk, pages, MADV_HUGEPAGE);
    *room = pages - sizeof(struct arena_chunk);
    return chunk;
}

/* Chunks double, so that a small run stays small and a large one asks seldom. */
static struct arena_chunk *chunk_new(const struct arena *arena, size_t size)
{
    size_t most = arena->limit - arena_given(arena);
    size_t room = arena->current == NULL ? CHUNK_MIN : 2 * arena->current->size;

    if (room > CHUNK_MAX - sizeof(struct arena_chunk))
        room = CHUNK_MAX - sizeof(struct arena_chunk);
    if (room > most)
        room = most;
    if (room < size)
        room = size;
    room = (room + ARENA_LINE - 1) & ~(size_t)(ARENA_LINE - 1);
    struct arena_chunk *chunk = chunk_memory(&room, most);

    if (chunk == NULL)
        return NULL;
    chunk->size = room;
    chunk->next = NULL;
    return chunk;
}

/* More than any machine has is more than any limit allows. */
static bool allows(const struct arena *arena, size_t size)
{
    return arena_allows(arena, size) && size <= SIZE_MAX / 2;
}

bool arena_is_full(const struct arena *arena, size_t size, size_t alignment)
{
    size_t skip = (size_t)(-(uintptr_t)arena->cursor & (alignment - 1));
    size_t rounded = (size + alignment - 1) & ~(alignment - 1);

    return rounded < size || rounded + skip < size || !allows(arena, rounded + skip);
}

void *arena_grow(struct arena *arena, size_t skip, size_t size)
{
    size_t into = (uintptr_t)arena->cursor % ARENA_LINE;

    SIM_ASSERT(arena_given(arena) <= arena->limit);
    if (!allows(arena, size))
        return NULL;
    struct arena_chunk *chunk = arena->current == NULL ? NULL : arena->current->next;

    /* A chunk kept from an earlier run may be too small for this one piece: put another before it.
     */
    if (chunk == NULL || chunk->size < into + size) {
        struct arena_chunk *fresh = chunk_new(arena, into + size);

        if (fresh == NULL)
            return NULL;
        fresh->next = chunk;
        if (arena->current == NULL)
            arena->first = fresh;
        else
            arena->current->next = fresh;
        chunk = fresh;
    }
    enter(arena, chunk);
    SIM_ASSERT(size <= (size_t)(arena->end - arena->cursor));
    char *memory = arena->cursor + skip;

    arena->cursor += size;
    return memory;
}
