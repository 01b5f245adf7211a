/* Random programs of a stack without a lock, whose own account says which compare-exchange took a
 * top for unchanged that was not: see sim/detect/aba.h. */
#include "tests/labelled.h"

#include <string.h>

enum { THREADS_MAX = 3, OPS_MAX = 8, NODES = 3, NONE = 0, TAG = 1 << 16, LOG_MAX = 256 };

/* One change of an atomic. */
struct change {
    int at;
    uint32_t atomic; /* 0: the top; else the next of that node */
    int64_t value;
    uint32_t by;
};

struct member {
    uint32_t number;
    uint32_t op_count;
    bool pops[OPS_MAX];
    int64_t nodes[NODES]; /* that it has taken */
    uint32_t node_count;
};

/* A program, and its account. */
static struct {
    struct prng prng;
    struct member members[THREADS_MAX];
    uint32_t count;
    bool tagged;
    struct sim_atomic *top;
    struct sim_atomic *next[NODES + 1];
    struct change log[LOG_MAX];
    int log_count;
    int clock;
    bool mistaken;
} p;

static void draw_program(const void *seed)
{
    memset(&p, 0, sizeof(p));
    prng_seed(&p.prng, (uint64_t) * (const int64_t *)seed);
    p.count = 2 + prng_below(&p.prng, THREADS_MAX - 1);
    p.tagged = prng_below(&p.prng, 8) == 0;
    for (uint32_t i = 0; i < p.count; i++) {
        struct member *member = &p.members[i];

        member->number = i;
        member->op_count = OPS_MAX - prng_below(&p.prng, 3);
        for (uint32_t op = 0; op < member->op_count; op++)
            member->pops[op] = prng_below(&p.prng, op < 2 ? 8 : 2) != 0;
    }
}

static void note_change(const struct member *self, uint32_t atomic, int64_t value)
{
    assert_true(p.log_count < LOG_MAX);
    p.log[p.log_count++] = (struct change){++p.clock, atomic, value, self->number};
}

/* The last change of an atomic to something else than the value, after a moment; NULL: none. */
static const struct change *last_other(uint32_t atomic, int64_t value, int after)
{
    for (int i = p.log_count; i-- > 0 && p.log[i].at > after;)
        if (p.log[i].atomic == atomic && p.log[i].value != value)
            return &p.log[i];
    return NULL;
}

/* What the atomic is now, if that was changed after a moment, by another. */
static bool is_now_other(const struct member *self, uint32_t atomic, int64_t value, int after)
{
    for (int i = p.log_count; i-- > 0 && p.log[i].at > after;)
        if (p.log[i].atomic == atomic)
            return p.log[i].value != value && p.log[i].by != self->number;
    return false;
}

static int64_t retagged(int64_t top, int64_t node)
{
    return p.tagged ? top / TAG * TAG + TAG + node : node;
}

static void push(const struct member *self, int64_t node)
{
    int64_t top = sim_atomic_load(p.top);

    do {
        sim_atomic_store(p.next[node], top % TAG);
        note_change(self, (uint32_t)node, top % TAG);
    } while (!sim_atomic_compare_exchange(p.top, &top, retagged(top, node)));
    note_change(self, 0, retagged(top, node));
}

/* Returns the node; NONE: there was none. */
static int64_t pop(const struct member *self)
{
    int64_t top = sim_atomic_load(p.top);

    while (top % TAG != NONE) {
        int top_read = p.clock;
        int64_t node = top % TAG;
        int64_t below = sim_atomic_load(p.next[node]);
        int below_read = p.clock;

        if (sim_atomic_compare_exchange(p.top, &top, retagged(top, below))) {
            p.mistaken |= last_other(0, top, top_read) != NULL &&
                          is_now_other(self, (uint32_t)node, below, below_read);
            note_change(self, 0, retagged(top, below));
            return node;
        }
    }
    return NONE;
}

/* Whoever holds a node that another holds, too, goes on with it: what that leads to is no matter.
 */
static enum sim_status work(struct sim *sim, void *arg)
{
    struct member *self = arg;

    (void)sim;
    for (uint32_t op = 0; op < self->op_count; op++) {
        if (!self->pops[op] && self->node_count > 0) {
            push(self, self->nodes[0]);
            self->nodes[0] = self->nodes[--self->node_count];
            continue;
        }
        int64_t node = self->node_count < NODES ? pop(self) : NONE;

        if (node != NONE)
            self->nodes[self->node_count++] = node;
    }
    return SIM_OK;
}

static enum sim_status stack(struct sim *sim, void *seed)
{
    struct sim_thread *threads[THREADS_MAX];

    draw_program(seed);
    p.top = sim_atomic_new(sim, "top", 1);
    for (int64_t node = 1; node <= NODES; node++)
        p.next[node] = sim_atomic_new(sim, "next", node < NODES ? node + 1 : NONE);
    for (uint32_t i = 0; i < p.count; i++)
        threads[i] = sim_thread_new(sim, "user", work, &p.members[i]);
    for (uint32_t i = 0; i < p.count; i++)
        SIM_TRY(sim_thread_join(threads[i], NULL));
    return SIM_OK;
}

static uint64_t label_stack(enum sim_outcome outcome)
{
    (void)outcome;
    return p.mistaken ? KIND(ABA) : 0;
}

static void who_takes_a_changed_top_for_unchanged_meets_aba(void **state)
{
    (void)state;
    labels_are_found(&(struct labelled){
        .main = stack,
        .label = label_stack,
        .kinds = KIND(ABA),
        .programs = 2000,
        .schedules = 20,
        .max_steps = 2000,
        .threads = true,
        .pct = true,
    });
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(who_takes_a_changed_top_for_unchanged_meets_aba),
    };

    return cmocka_run_group_tests_name("labelled_atomics", tests, NULL, NULL);
}
