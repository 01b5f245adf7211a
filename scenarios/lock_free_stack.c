/* A stack without a lock, whose nodes are used again (Treiber, Systems programming: coping with
 * parallelism, 1986): the top can be what it was, and the stack below it another. */
#include "scenarios/scenarios.h"
#include "sim/sim.h"

enum { NONE = 0, TAG = 1 << 16 }; /* top: the node's number, and a tag times TAG */

struct stack {
    struct sim_atomic *top;
    struct sim_atomic **next; /* by number of the node, from 1 */
    int *holders;
    bool tagged;
};

static int64_t retagged(const struct stack *stack, int64_t top, int64_t node)
{
    return stack->tagged ? top / TAG * TAG + TAG + node : node;
}

static void push(struct stack *stack, int64_t node)
{
    int64_t top = sim_atomic_load(stack->top);

    stack->holders[node]--;
    do {
        sim_atomic_store(stack->next[node], top % TAG);
    } while (!sim_atomic_compare_exchange(stack->top, &top, retagged(stack, top, node)));
}

static int64_t pop(struct sim *sim, struct stack *stack)
{
    int64_t top = sim_atomic_load(stack->top);

    while (top % TAG != NONE) {
        int64_t node = top % TAG;
        int64_t below = sim_atomic_load(stack->next[node]);

        if (sim_atomic_compare_exchange(stack->top, &top, retagged(stack, top, below))) {
            stack->holders[node]++;
            bool alone = stack->holders[node] == 1;

            sim_check(sim, alone, "node %lld belongs to two threads", (long long)node);
            return node;
        }
    }
    return NONE;
}

/* Take two nodes, and put the first back. */
static enum sim_status work(struct sim *sim, void *arg)
{
    struct stack *stack = arg;
    int64_t node = pop(sim, stack);

    (void)pop(sim, stack);
    if (node != NONE)
        push(stack, node);
    return SIM_OK;
}

static enum sim_status share(struct sim *sim, const int64_t *params, bool tagged)
{
    size_t count = (size_t)params[0];
    size_t nodes = (size_t)params[1];
    struct sim_thread **threads = sim_alloc(sim, count * sizeof(struct sim_thread *));
    struct stack stack = {
        .top = sim_atomic_new(sim, "top", 1),
        .next = sim_alloc(sim, (nodes + 1) * sizeof(struct sim_atomic *)),
        .holders = sim_alloc(sim, (nodes + 1) * sizeof(int)),
        .tagged = tagged,
    };

    for (size_t i = 1; i <= nodes; i++)
        stack.next[i] = sim_atomic_new(sim, sim_format(sim, "next of node %zu", i),
                                       i < nodes ? (int64_t)i + 1 : NONE);
    for (size_t i = 0; i < count; i++)
        threads[i] = sim_thread_new(sim, sim_format(sim, "user %zu", i + 1), work, &stack);
    for (size_t i = 0; i < count; i++)
        SIM_TRY(sim_thread_join(threads[i], NULL));
    return SIM_OK;
}

static enum sim_status run(struct sim *sim, void *arg)
{
    return share(sim, arg, false);
}

static enum sim_status run_fixed(struct sim *sim, void *arg)
{
    return share(sim, arg, true);
}

const struct sim_scenario lock_free_stack = {
    .name = "lock_free_stack",
    .title = "A lock-free stack and the ABA problem",
    .about = "A compare-exchange sees that the top is A again, not that it was B in between. What "
             "lay below A has gone to another thread, and is now handed out a second time.",
    .main = run,
    .contained = true,
    .async = false,
    .expect = SIM_CLEAN,
    .expect_any = SIM_FINDING_ABA,
    .params = {{"threads", 2, 1, 100, "how many threads take two nodes and return one"},
               {"nodes", 2, 1, 1000, "how many nodes the stack begins with"}},
};

const struct sim_scenario lock_free_stack_fixed = {
    .name = "lock_free_stack_fixed",
    .title = "A lock-free stack with a tag",
    .about = "A tag that every change counts up makes each top a new one: the compare-exchange "
             "fails when anything happened in between, and the thread looks again.",
    .main = run_fixed,
    .contained = true,
    .async = false,
    .expect = SIM_CLEAN,
    .expect_any = SIM_CLEAN,
    .params = {{"threads", 2, 1, 100, "how many threads take two nodes and return one"},
               {"nodes", 2, 1, 1000, "how many nodes the stack begins with"}},
};
