/* What happens when a fiber touches its guard page: the run ends there, and names the culprit.
 *
 * The one mutable global of the library: a signal handler can reach nothing else. */
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <ucontext.h>

#include "sim/base/assert.h"
#include "sim/core/fiber_pool.h"

enum { SIGNAL_STACK = 64 << 10 };

static struct fiber_pool *watched;
static struct sigaction before_segv;
static struct sigaction before_bus;

static struct fiber *owner_of(struct fiber_pool *pool, const char *address)
{
    for (size_t i = 0; i < pool->stacks; i++) {
        struct fiber *fiber = pool->fibers[i];

        if (address < fiber->low && address >= fiber->low - pool->page)
            return fiber;
    }
    return NULL;
}

/* Make the interrupted code go on as if it had switched to host.  A switch assumes that every other
 * register is lost, so nothing else needs to be set. */
static bool divert(ucontext_t *context, const struct fiber *host)
{
#if defined(FIBER_UCONTEXT) || FIBER_ASAN
    (void)context;
    (void)host;
    return false;
#elif defined(__x86_64__)
    context->uc_mcontext.gregs[REG_RSP] = (greg_t)(uintptr_t)host->sp;
    context->uc_mcontext.gregs[REG_RIP] = (greg_t)(uintptr_t)host->pc;
    context->uc_mcontext.gregs[REG_RBP] = (greg_t)(uintptr_t)host->fp;
    return true;
#else
    context->uc_mcontext.sp = (uintptr_t)host->sp;
    context->uc_mcontext.pc = (uintptr_t)host->pc;
    context->uc_mcontext.regs[29] = (uintptr_t)host->fp;
    return true;
#endif
}

static void on_fault(int number, siginfo_t *info, void *context)
{
    for (struct fiber_pool *pool = watched; pool != NULL; pool = pool->next_watched) {
        struct fiber *fiber = owner_of(pool, info->si_addr);

        if (fiber != NULL && divert(context, pool->host)) {
            pool->overrun = fiber;
            return;
        }
    }
    /* Not ours: give the signal back to whoever had it, and let the instruction fault again. */
    (void)sigaction(number, number == SIGBUS ? &before_bus : &before_segv, NULL);
}

/* A test framework may have put its own in the place of ours, for the next test. */
static bool is_ours(int number)
{
    struct sigaction current;

    return sigaction(number, NULL, &current) == 0 && (current.sa_flags & SA_SIGINFO) != 0 &&
           current.sa_sigaction == on_fault;
}

static void install(void)
{
    struct sigaction action = {.sa_sigaction = on_fault,
                               .sa_flags = SA_SIGINFO | SA_ONSTACK | SA_NODEFER};
    stack_t current;

    if (is_ours(SIGSEGV) && is_ours(SIGBUS))
        return;
    if (sigaltstack(NULL, &current) == 0 && (current.ss_flags & SS_DISABLE) != 0) {
        static char memory[SIGNAL_STACK];
        stack_t stack = {.ss_sp = memory, .ss_size = sizeof(memory)};

        if (sigaltstack(&stack, NULL) != 0)
            return;
    }
    /* Where it cannot be had, an overrun ends the process. */
    if (!is_ours(SIGSEGV))
        (void)sigaction(SIGSEGV, &action, &before_segv);
    if (!is_ours(SIGBUS))
        (void)sigaction(SIGBUS, &action, &before_bus);
}

#if FIBER_ASAN
/* The sanitizer must be told on what stack the host goes on.  To ask is to read the map of the
 * whole process, and mostly it is where it was. */
static void find_stack(struct fiber *host)
{
    const char *here = __builtin_frame_address(0);
    pthread_attr_t attributes;
    void *low = NULL;

    if (host->low != NULL && here >= host->low && here < host->low + host->size)
        return;
    SIM_ASSERT(pthread_getattr_np(pthread_self(), &attributes) == 0);
    SIM_ASSERT(pthread_attr_getstack(&attributes, &low, &host->size) == 0);
    host->low = low;
    SIM_ASSERT(pthread_attr_destroy(&attributes) == 0);
}
#endif

void fiber_pool_watch(struct fiber_pool *pool, struct fiber *host)
{
    struct fiber_pool **link = &watched;

    if (host != NULL)
        install();
    while (*link != NULL && *link != pool)
        link = &(*link)->next_watched;
    if (host == NULL && *link != NULL) {
        *link = pool->next_watched;
    } else if (host != NULL && *link == NULL) {
        pool->next_watched = NULL;
        *link = pool;
    }
    pool->host = host;
#if FIBER_ASAN
    if (host != NULL)
        find_stack(host);
#endif
}
