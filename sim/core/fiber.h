/* Fiber: a stack that one switches to.
 *
 * A switch saves the stack pointer, the frame pointer and the place to go on; the compiler is told
 * that every other register is lost, and so saves just those that it needs.  The switch is inline:
 * its indirect jump is then predicted for each place that switches, and a round trip costs a
 * fraction of one through a function.  MXCSR and the x87 control word are not saved: programs do
 * not change them. */
#ifndef SIM_CORE_FIBER_H
#define SIM_CORE_FIBER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define FIBER_ASAN 1
#endif
#elif defined(__SANITIZE_ADDRESS__)
#define FIBER_ASAN 1
#endif
#ifndef FIBER_ASAN
#define FIBER_ASAN 0
#endif

#if !defined(FIBER_UCONTEXT) && !defined(__x86_64__) && !defined(__aarch64__)
#define FIBER_UCONTEXT
#endif

#ifdef FIBER_UCONTEXT
#include <ucontext.h>
#endif
#if FIBER_ASAN
#include <sanitizer/common_interface_defs.h>
#endif

typedef void (*fiber_fn)(void *arg);

struct fiber_pool;

/* Lives at the upper end of its own stack (the host's: wherever its owner put it), in one line of
 * the cache: with many fibers, a switch costs the lines that it touches. */
struct fiber {
    void *sp;
    void *pc;
    void *fp;
    uint32_t index; /* in the pool */
    uint32_t actor; /* whom to name when it overruns */
    char *low;      /* lowest usable byte of the stack; NULL: the host's */
    size_t size;
    bool guarded; /* an unmapped page lies below */
    bool taken;   /* since it was last given back; while it is free, only that says much */
#ifdef FIBER_UCONTEXT
    ucontext_t context;
#endif
#if FIBER_ASAN || defined(FIBER_UCONTEXT)
    fiber_fn entry;
    void *arg;
#endif
#if FIBER_ASAN
    void *fake_stack;
#endif
};

/* A pool of stacks of one size, lazily committed, each above a guard page.  Free stacks stay
 * mapped.
 *
 * Returns: NULL when out of memory. */
struct fiber_pool *fiber_pool_new(size_t stack_size);
void fiber_pool_free(struct fiber_pool *pool);

/* Make sure that one stack is free.  Returns false when out of memory. */
bool fiber_pool_make_room(struct fiber_pool *pool);

/* Take back all fibers in use, wherever they stand. */
void fiber_pool_reset(struct fiber_pool *pool);

/* A fiber that will call entry(arg) when first switched to; entry must never return.
 *
 * Returns: NULL when out of memory. */
struct fiber *fiber_new(struct fiber_pool *pool, fiber_fn entry, void *arg);

/* Give it back; it must not be running, but may be the one that is about to switch away for good.
 */
void fiber_release(struct fiber_pool *pool, struct fiber *fiber);

/* True if the lowest bytes of a stack that has no guard page were written. */
bool fiber_canary_lost(const struct fiber *fiber);

/* True if the stack was overrun without its guard page noticing: only stacks for which the system
 * granted no guard page are checked. */
static inline bool fiber_overrun(const struct fiber *fiber)
{
    return __builtin_expect(!fiber->guarded, 0) && fiber_canary_lost(fiber);
}

/* While set, an overrun of any fiber of the pool goes on at host instead of ending the process,
 * with pool's overrun fiber noted.  Catches SIGSEGV and SIGBUS on an alternate stack, once a
 * process; a fault elsewhere goes to the handler that was there before. */
void fiber_pool_watch(struct fiber_pool *pool, struct fiber *host);
struct fiber *fiber_pool_overrun(const struct fiber_pool *pool);

/* What a shallow fiber keeps on its stack while it waits, in lines of the cache. */
enum { FIBER_HOT_LINES = 2 };

/* A hint to the cache: the fiber will be switched to soon.  Always inline: GCC drops calls of
 * functions that do nothing but prefetch. */
static inline __attribute__((always_inline)) void fiber_prefetch(const struct fiber *fiber)
{
    for (ptrdiff_t at = 0; at >= -FIBER_HOT_LINES; at--)
        __builtin_prefetch((const char *)fiber + 64 * at, 1);
}

#ifdef FIBER_UCONTEXT
static inline void fiber_jump(struct fiber *from, struct fiber *to)
{
    (void)swapcontext(&from->context, &to->context);
}

static inline void fiber_jump_away(const struct fiber *to)
{
    (void)setcontext(&to->context);
}
#elif defined(__x86_64__)
static inline __attribute__((always_inline)) void fiber_jump(struct fiber *from, struct fiber *to)
{
    __asm__ volatile("leaq 1f(%%rip), %%rax\n\t"
                     "movq %%rsp, 0(%[from])\n\t"
                     "movq %%rax, 8(%[from])\n\t"
                     "movq %%rbp, 16(%[from])\n\t"
                     "movq 0(%[to]), %%rsp\n\t"
                     "movq 16(%[to]), %%rbp\n\t"
                     "jmpq *8(%[to])\n\t"
                     ".p2align 4\n"
                     "1:\n\t"
                     "endbr64\n\t"
                     : [from] "+D"(from), [to] "+S"(to)
                     :
                     : "rax", "rbx", "rcx", "rdx", "r8", "r9", "r10", "r11", "r12", "r13", "r14",
                       "r15", "xmm0", "xmm1", "xmm2", "xmm3", "xmm4", "xmm5", "xmm6", "xmm7",
                       "xmm8", "xmm9", "xmm10", "xmm11", "xmm12", "xmm13", "xmm14", "xmm15",
                       "memory", "cc");
}

/* Saves nothing: nobody comes back. */
static inline __attribute__((always_inline)) void fiber_jump_away(const struct fiber *to)
{
    __asm__ volatile("movq 0(%[to]), %%rsp\n\t"
                     "movq 16(%[to]), %%rbp\n\t"
                     "jmpq *8(%[to])\n\t"
                     :
                     : [to] "S"(to)
                     : "memory");
}
#else
static inline __attribute__((always_inline)) void fiber_jump(struct fiber *from, struct fiber *to)
{
    register struct fiber *x0 __asm__("x0") = from;
    register struct fiber *x1 __asm__("x1") = to;

    __asm__ volatile("adr x2, 1f\n\t"
                     "mov x3, sp\n\t"
                     "stp x3, x2, [x0]\n\t"
                     "str x29, [x0, #16]\n\t"
                     "ldp x3, x2, [x1]\n\t"
                     "ldr x29, [x1, #16]\n\t"
                     "mov sp, x3\n\t"
                     "br x2\n"
                     "1:\n\t"
                     : "+r"(x0), "+r"(x1)
                     :
                     : "x2", "x3", "x4", "x5", "x6", "x7", "x8", "x9", "x10", "x11", "x12", "x13",
                       "x14", "x15", "x16", "x17", "x18", "x19", "x20", "x21", "x22", "x23", "x24",
                       "x25", "x26", "x27", "x28", "x30", "v0", "v1", "v2", "v3", "v4", "v5", "v6",
                       "v7", "v8", "v9", "v10", "v11", "v12", "v13", "v14", "v15", "v16", "v17",
                       "v18", "v19", "v20", "v21", "v22", "v23", "v24", "v25", "v26", "v27", "v28",
                       "v29", "v30", "v31", "memory", "cc");
}

/* Saves nothing: nobody comes back. */
static inline __attribute__((always_inline)) void fiber_jump_away(const struct fiber *to)
{
    __asm__ volatile("ldp x3, x2, [%[to]]\n\t"
                     "ldr x29, [%[to], #16]\n\t"
                     "mov sp, x3\n\t"
                     "br x2\n"
                     :
                     : [to] "r"(to)
                     : "x2", "x3", "memory");
}
#endif

/* Go on in `to`; returns when somebody switches back to `from`. */
static inline __attribute__((always_inline)) void fiber_switch(struct fiber *from, struct fiber *to)
{
#if FIBER_ASAN
    __sanitizer_start_switch_fiber(&from->fake_stack, to->low, to->size);
#endif
    fiber_jump(from, to);
#if FIBER_ASAN
    __sanitizer_finish_switch_fiber(from->fake_stack, NULL, NULL);
#endif
}

/* Go on in `to` for good: nobody will switch back. */
_Noreturn static inline __attribute__((always_inline)) void fiber_leave(struct fiber *to)
{
#if FIBER_ASAN
    __sanitizer_start_switch_fiber(NULL, to->low, to->size);
#endif
    fiber_jump_away(to);
    __builtin_unreachable();
}

#endif
