#include "sim/core/fiber.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#ifdef __linux__
#include <linux/futex.h>
#include <sys/syscall.h>
#endif

#include "sim/base/assert.h"
#include "sim/core/fiber_pool.h"

#if FIBER_ASAN
#include <sanitizer/asan_interface.h>
#endif
#ifdef PICKGLASS_VALGRIND
#include <valgrind/valgrind.h>
#endif

/* Guard pages without splitting the mapping (Linux 6.13); without it, each costs two of the 65,530
 * mappings that a process may have, so only the first stacks get one and the others a canary. */
#ifndef MADV_GUARD_INSTALL
#define MADV_GUARD_INSTALL 102
#endif

/* The first slab is small: a search of a few executions takes less time than many stacks. */
enum { LINE = 64, FIRST_STACKS = 8, MORE_STACKS = 64, GUARDS_BY_MPROTECT = 16000, COLOURS = 16 };

/* How far each colour lies from the last: what a shallow fiber uses of its stack. */
enum { COLOUR_BYTES = (1 + FIBER_HOT_LINES) * LINE };

#define CANARY UINT64_C(0x706963676c617373)

#ifndef FIBER_UCONTEXT
extern void fiber_begin(void);
#endif

struct fiber_pool *fiber_pool_new(size_t stack_size)
{
    struct fiber_pool *pool = calloc(1, sizeof(*pool));
    size_t page = (size_t)sysconf(_SC_PAGESIZE);

    if (pool == NULL)
        return NULL;
    pool->page = page;
    pool->stride = ((stack_size + page - 1) & ~(page - 1)) + page;
    return pool;
}

void fiber_pool_free(struct fiber_pool *pool)
{
    struct fiber_slab *slab = pool->slabs;

    fiber_pool_watch(pool, NULL);
    while (slab != NULL) {
        struct fiber_slab *next = slab->next;

#if FIBER_ASAN
        /* Whoever maps something here next, shared with an X server, say, knows of no poison. */
        __asan_unpoison_memory_region(slab->base, slab->size);
#endif
        SIM_ASSERT(munmap(slab->base, slab->size) == 0);
        free(slab);
        slab = next;
    }
    free(pool->fibers);
    free(pool->unused);
    free(pool);
}

/* An emulator may take any advice and do nothing: ask the kernel to read there.  It waits only as
 * long as a word is 1, and the page is empty. */
static bool unreadable(char *page)
{
#ifdef SYS_futex
    return syscall(SYS_futex, page, FUTEX_WAIT_PRIVATE, 1, NULL) < 0 && errno == EFAULT;
#else
    (void)page;
    return false;
#endif
}

static bool guard(struct fiber_pool *pool, char *page)
{
    if (!pool->no_madvise_guard) {
        if (madvise(page, pool->page, MADV_GUARD_INSTALL) == 0 &&
            (pool->stacks > 0 || unreadable(page)))
            return true;
        pool->no_madvise_guard = true;
    }
    return pool->stacks < GUARDS_BY_MPROTECT && mprotect(page, pool->page, PROT_NONE) == 0;
}

/* All stacks begin at the same offset in a page, and would fight for the same few sets of the
 * cache: shift each by a colour. */
static void stack_add(struct fiber_pool *pool, char *base)
{
    size_t colour = (pool->stacks % COLOURS) * COLOUR_BYTES;
    size_t room = (sizeof(struct fiber) + LINE - 1) & ~(size_t)(LINE - 1);
    struct fiber *fiber = (struct fiber *)(void *)(base + pool->stride - colour - room);

    fiber->low = base + pool->page;
    fiber->size = (size_t)((char *)fiber - fiber->low);
    fiber->guarded = guard(pool, base);
    if (!fiber->guarded)
        memcpy(fiber->low, &(uint64_t){CANARY}, sizeof(uint64_t));
#ifdef PICKGLASS_VALGRIND
    (void)VALGRIND_STACK_REGISTER(fiber->low, (char *)fiber);
#endif
    fiber->index = (uint32_t)pool->stacks;
    pool->fibers[pool->stacks] = fiber;
    pool->stacks++;
}

/* Make one of the pool's arrays longer. */
static bool lengthen(void *array, size_t capacity, size_t size)
{
    void **at = array;
    void *longer = realloc(*at, capacity * size);

    if (longer != NULL)
        *at = longer;
    return longer != NULL;
}

static bool make_room(struct fiber_pool *pool, size_t more)
{
    size_t capacity = pool->capacity == 0 ? MORE_STACKS : 2 * pool->capacity;

    if (pool->stacks + more <= pool->capacity)
        return true;
    if (!lengthen(&pool->fibers, capacity, sizeof(struct fiber *)) ||
        !lengthen(&pool->unused, capacity, sizeof(uint32_t)))
        return false;
    pool->capacity = capacity;
    return true;
}

static bool slab_add(struct fiber_pool *pool)
{
    struct fiber_slab *slab = malloc(sizeof(*slab));
    size_t more = pool->stacks == 0 ? FIRST_STACKS : MORE_STACKS;
    size_t size = more * pool->stride;

    if (slab == NULL || !make_room(pool, more)) {
        free(slab);
        return false;
    }
    slab->base = mmap(NULL, size, PROT_READ | PROT_WRITE,
                      MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (slab->base == MAP_FAILED) {
        free(slab);
        return false;
    }
#if FIBER_ASAN
    /* A mapping that stood here before may have left the poison of its frames behind. */
    __asan_unpoison_memory_region(slab->base, size);
#endif
    /* A huge page would commit many stacks for the sake of one. */
    (void)madvise(slab->base, size, MADV_NOHUGEPAGE);
    slab->size = size;
    slab->next = pool->slabs;
    pool->slabs = slab;
    pool->fresh = slab->base;
    pool->fresh_count = more;
    return true;
}

/* One more stack.  They are made when they are wanted: a search of a few threads would spend a good
 * part of its time on the guards of others. */
static __attribute__((noinline)) bool stack_more(struct fiber_pool *pool)
{
    if (pool->fresh_count == 0 && !slab_add(pool))
        return false;
    stack_add(pool, pool->fresh);
    pool->fresh += pool->stride;
    pool->fresh_count--;
    pool->unused[pool->unused_count++] = (uint32_t)(pool->stacks - 1);
    pool->untouched = 0;
    return true;
}

bool fiber_pool_make_room(struct fiber_pool *pool)
{
    return pool->unused_count > 0 || stack_more(pool);
}

#ifdef FIBER_UCONTEXT
static void ucontext_begin(unsigned low, unsigned high)
{
    struct fiber *fiber = (struct fiber *)((uintptr_t)low | ((uintptr_t)high << 32));

    fiber->entry(fiber->arg);
    SIM_ASSERT(fiber == NULL); /* an entry never returns */
}

static void prepare(struct fiber *fiber, fiber_fn entry, void *arg)
{
    uintptr_t self = (uintptr_t)fiber;

    fiber->entry = entry;
    fiber->arg = arg;
    SIM_ASSERT(getcontext(&fiber->context) == 0);
    fiber->context.uc_stack.ss_sp = fiber->low;
    fiber->context.uc_stack.ss_size = fiber->size;
    fiber->context.uc_link = NULL;
    makecontext(&fiber->context, (void (*)(void))ucontext_begin, 2, (unsigned)self,
                (unsigned)(self >> 32));
}
#else
#if FIBER_ASAN
static void begin(void *arg)
{
    struct fiber *fiber = arg;

    __sanitizer_finish_switch_fiber(NULL, NULL, NULL);
    fiber->entry(fiber->arg);
    SIM_ASSERT(fiber == NULL); /* an entry never returns */
}
#endif

/* Leave what fiber_begin takes from the stack: the argument, and the function to call. */
static void prepare(struct fiber *fiber, fiber_fn entry, void *arg)
{
    void **top = (void **)(void *)((char *)fiber - 2 * sizeof(void *));

#if FIBER_ASAN
    fiber->entry = entry;
    fiber->arg = arg;
    entry = begin;
    arg = fiber;
#endif
    top[0] = arg;
    top[1] = (void *)(uintptr_t)entry;
    fiber->sp = top;
    fiber->pc = (void *)(uintptr_t)fiber_begin;
    fiber->fp = NULL;
}
#endif

/* A stack that will be wanted soon is likely to be cold. */
static inline __attribute__((always_inline)) void prefetch_soon(const struct fiber_pool *pool)
{
    enum { AHEAD = 8 };

    if (pool->unused_count > AHEAD)
        fiber_prefetch(pool->fibers[pool->unused[pool->unused_count - AHEAD]]);
}

struct fiber *fiber_new(struct fiber_pool *pool, fiber_fn entry, void *arg)
{
    if (!fiber_pool_make_room(pool))
        return NULL;
    uint32_t index = pool->unused[--pool->unused_count];
    struct fiber *fiber = pool->fibers[index];

    if (pool->unused_count < pool->untouched)
        pool->untouched = pool->unused_count;
    prefetch_soon(pool);
    fiber->actor = 0;
    fiber->taken = true;
#if FIBER_ASAN
    /* Frames that a run abandoned have left their poison behind. */
    __asan_unpoison_memory_region(fiber->low, fiber->size);
#endif
    prepare(fiber, entry, arg);
    return fiber;
}

void fiber_release(struct fiber_pool *pool, struct fiber *fiber)
{
    fiber_put_back(pool, fiber);
}

/* In descending order, so that the next run takes the stacks that the last one took, in its order.
 * Only stacks that were taken since the last time can stand elsewhere.  That they were is left
 * noted in them: it costs too much to touch so many. */
void fiber_pool_reset(struct fiber_pool *pool)
{
    pool->overrun = NULL;
    for (size_t i = pool->untouched; i < pool->stacks; i++)
        pool->unused[i] = (uint32_t)(pool->stacks - 1 - i);
    pool->unused_count = pool->stacks;
    pool->untouched = pool->stacks;
}

bool fiber_canary_lost(const struct fiber *fiber)
{
    uint64_t canary = CANARY;

    return memcmp(fiber->low, &canary, sizeof(canary)) != 0;
}

struct fiber *fiber_pool_overrun(const struct fiber_pool *pool)
{
    return pool->overrun;
}
