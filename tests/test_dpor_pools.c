/* Optimal DPOR where threads meet without an operation of their own: in the pool that they work
 * for, and at the interpreter lock.  It sees every outcome that depth-first search sees, and gives
 * no execution up. */
#include "tests/test.h"

#include <stdio.h>
#include <string.h>

#include "sim/base/prng.h"
#include "sim/policy/dfs.h"
#include "sim/policy/dpor.h"
#include "sim/sim.h"

enum { WORKERS = 2, MANY = 100000 };

/* Who did something last, one digit each. */
struct order {
    struct sim_atomic *last;
    int64_t id;
};

static enum sim_status compute_and_sign(struct sim *sim, void *arg)
{
    struct order *order = arg;

    sim_compute(sim, 10 * SIM_MS);
    sim_atomic_store(order->last, order->id);
    return SIM_OK;
}

static enum sim_status sign(struct sim *sim, void *arg)
{
    struct order *order = arg;

    (void)sim;
    sim_atomic_store(order->last, 10 * sim_atomic_load(order->last) + order->id);
    return SIM_OK;
}

/* The lock's order decides who is through first, though both look at nothing else before. */
static enum sim_status take_turns(struct sim *sim, void *arg)
{
    struct sim_atomic *last = sim_atomic_new(sim, "last", 0);
    struct order orders[WORKERS];
    struct sim_thread *threads[WORKERS];

    sim_enable_gil(sim);
    for (int i = 0; i < WORKERS; i++) {
        orders[i] = (struct order){last, i + 1};
        threads[i] = sim_thread_new(sim, "worker", compute_and_sign, &orders[i]);
    }
    for (int i = 0; i < WORKERS; i++)
        SIM_TRY(sim_thread_join(threads[i], NULL));
    *(int64_t *)arg = sim_atomic_load(last);
    return SIM_OK;
}

static enum sim_status share_work(struct sim *sim, void *arg)
{
    struct sim_atomic *last = sim_atomic_new(sim, "last", 0);
    struct sim_executor *pool = sim_thread_pool_new(sim, "pool", WORKERS);
    struct order orders[WORKERS];

    for (int i = 0; i < WORKERS; i++) {
        orders[i] = (struct order){last, i + 1};
        (void)sim_executor_submit(pool, sign, &orders[i]);
    }
    sim_executor_shutdown(pool);
    *(int64_t *)arg = sim_atomic_load(last);
    return SIM_OK;
}

struct outcomes {
    bool seen[100];
    uint64_t executions;
};

static void note(struct outcomes *outcomes, int64_t result)
{
    assert_true(result >= 0 && result < 100);
    outcomes->seen[result] = true;
    outcomes->executions++;
}

static void search_all(sim_body_fn program, struct outcomes *outcomes)
{
    struct policy_dfs dfs;
    struct sim *sim = sim_new(NULL);
    int64_t result = 0;

    assert_non_null(sim);
    policy_dfs_init(&dfs, -1);
    sim_set_policy(sim, &dfs.policy);
    do {
        assert_int_equal(sim_run(sim, program, &result), SIM_OUTCOME_FINISHED);
        note(outcomes, result);
    } while (outcomes->executions < MANY && policy_dfs_next(&dfs));
    assert_true(outcomes->executions < MANY);
    policy_dfs_free(&dfs);
    sim_free(sim);
}

static void search_reduced(sim_body_fn program, struct outcomes *outcomes)
{
    struct dpor *dpor = dpor_new();
    struct sim *sim = sim_new(NULL);
    int64_t result = 0;

    assert_non_null(dpor);
    assert_non_null(sim);
    sim_set_policy(sim, dpor_policy(dpor));
    assert_true(sim_add_sink(sim, dpor_sink(dpor)));
    do {
        assert_int_equal(sim_run(sim, program, &result), SIM_OUTCOME_FINISHED);
        note(outcomes, result);
    } while (dpor_next(dpor, true));
    struct dpor_statistics statistics = dpor_statistics(dpor);

    assert_int_equal(statistics.asleep, 0);
    assert_int_equal(statistics.infeasible, 0);
    assert_false(statistics.nondeterministic);
    dpor_free(dpor);
    sim_free(sim);
}

static void compare(sim_body_fn program)
{
    struct outcomes all = {0};
    struct outcomes reduced = {0};

    search_all(program, &all);
    search_reduced(program, &reduced);
    assert_memory_equal(all.seen, reduced.seen, sizeof(all.seen));
    assert_true(reduced.executions < all.executions);
}

static void lock_of_interpreter_has_an_order(void **state)
{
    (void)state;
    compare(take_turns);
}

static void workers_of_a_pool_end_before_its_shutdown(void **state)
{
    (void)state;
    compare(share_work);
}

/* ---- One execution for each order of what depends on each other. ---- */

enum { PROGRAMS = FIBER_ASAN ? 20 : 150, TOO_MANY = 4000, JOBS = 3, ATOMICS = 2 };
enum { OBJECTS = 256, ACTORS = 64, END_OF_QUEUE = OBJECTS / 2, FRONT_OF_QUEUE };

/* What somebody does to an atomic: 0: nothing. */
struct pool_program {
    uint8_t main[JOBS + 1];
    uint8_t jobs[JOBS][2];
    int count;
    int workers;
};

static struct pool_program the_program;
static struct sim_atomic *atomics[ATOMICS];

static void touch_atomic(uint8_t how)
{
    if (how % 3 == 1)
        (void)sim_atomic_load(atomics[how / 3 % ATOMICS]);
    else if (how % 3 == 2)
        sim_atomic_store(atomics[how / 3 % ATOMICS], how);
}

static enum sim_status pool_job(struct sim *sim, void *arg)
{
    const uint8_t *ops = arg;

    (void)sim;
    touch_atomic(ops[0]);
    touch_atomic(ops[1]);
    return SIM_OK;
}

static enum sim_status run_pool_program(struct sim *sim, void *arg)
{
    struct sim_executor *pool = sim_thread_pool_new(sim, "pool", the_program.workers);

    (void)arg;
    for (int i = 0; i < ATOMICS; i++)
        atomics[i] = sim_atomic_new(sim, "atomic", 0);
    for (int i = 0; i < the_program.count; i++) {
        touch_atomic(the_program.main[i]);
        (void)sim_executor_submit(pool, pool_job, the_program.jobs[i]);
    }
    touch_atomic(the_program.main[the_program.count]);
    sim_executor_shutdown(pool);
    return SIM_OK;
}

/* Of each access a number that stands for all that it comes after; their sum stands for the order
 * of all that depends on each other. */
struct order_sink {
    struct sink sink; /* first */
    uint64_t last[ACTORS];
    uint64_t written[OBJECTS];
    uint64_t reads[OBJECTS]; /* since then */
    uint64_t sum;
};

static uint64_t mix(uint64_t a, uint64_t b)
{
    uint64_t x = (a ^ (b + UINT64_C(0x9e3779b97f4a7c15))) * UINT64_C(0xbf58476d1ce4e5b9);

    return (x ^ x >> 29) * UINT64_C(0x94d049bb133111eb);
}

static void access_object(struct order_sink *order, uint32_t actor, uint32_t object, bool writes)
{
    assert_true(actor < ACTORS && object < OBJECTS);
    uint64_t number = mix(mix(order->last[actor], actor), mix(order->written[object], object));

    if (writes) {
        number = mix(number, order->reads[object]);
        order->written[object] = number;
        order->reads[object] = 0;
    } else {
        order->reads[object] += number;
    }
    order->last[actor] = number;
    order->sum += number;
}

static void on_look(struct order_sink *order, const struct sim_event *event)
{
    bool added = event->aux == SIM_LOOK_ITEM_ADDED;

    if (event->aux <= SIM_LOOK_CHANGED)
        access_object(order, event->actor, event->object, event->aux == SIM_LOOK_CHANGED);
    if (event->aux < SIM_LOOK_ITEM_ADDED)
        return;
    access_object(order, event->actor, event->object, false);
    access_object(order, event->actor, added ? END_OF_QUEUE : FRONT_OF_QUEUE,
                  event->aux != SIM_LOOK_ITEM_NONE);
    if (event->aux == SIM_LOOK_ITEM_NONE)
        return;
    access_object(order, event->actor, FRONT_OF_QUEUE + (uint32_t)event->value, true);
}

static void on_event(struct sink *sink, const struct sim_event *event)
{
    struct order_sink *order = (struct order_sink *)sink;

    switch (event->kind) {
    case SIM_EV_LOOK:
        on_look(order, event);
        break;
    case SIM_EV_ATOMIC_LOAD:
        access_object(order, event->actor, event->object, false);
        break;
    case SIM_EV_ATOMIC_STORE:
    case SIM_EV_SHUTDOWN:
    case SIM_EV_COMPLETE:
        access_object(order, event->actor, event->object, true);
        break;
    case SIM_EV_SUSPEND:
        if (event->aux == SIM_WAIT_WORK)
            access_object(order, event->actor, event->object, true);
        break;
    default:
        break;
    }
}

struct orders {
    uint64_t at[TOO_MANY + 1];
    size_t count;
};

static void note_order(struct orders *orders, struct order_sink *order)
{
    uint64_t sum = order->sum;

    *order = (struct order_sink){.sink = order->sink};
    for (size_t i = 0; i < orders->count; i++)
        if (orders->at[i] == sum)
            return;
    orders->at[orders->count++] = sum;
}

/* Returns false if there are too many schedules. */
static bool find_orders(struct orders *orders)
{
    struct order_sink order = {.sink = {.event = on_event}};
    struct policy_dfs dfs;
    struct sim *sim = sim_new(NULL);
    uint64_t executions = 0;

    assert_non_null(sim);
    policy_dfs_init(&dfs, -1);
    dfs.policy.every = true; /* to be told of what is looked at */
    sim_set_policy(sim, &dfs.policy);
    assert_true(sim_add_sink(sim, &order.sink));
    orders->count = 0;
    do {
        assert_int_equal(sim_run(sim, run_pool_program, NULL), SIM_OUTCOME_FINISHED);
        note_order(orders, &order);
    } while (++executions < TOO_MANY && policy_dfs_next(&dfs));
    policy_dfs_free(&dfs);
    sim_free(sim);
    return executions < TOO_MANY;
}

static void compare_orders(const struct orders *all, const char *program)
{
    static struct orders reduced;
    struct order_sink order = {.sink = {.event = on_event}};
    struct dpor *dpor = dpor_new();
    struct sim *sim = sim_new(NULL);
    uint64_t executions = 0;
    bool more = true;

    assert_non_null(dpor);
    assert_non_null(sim);
    sim_set_policy(sim, dpor_policy(dpor));
    assert_true(sim_add_sink(sim, dpor_sink(dpor)) && sim_add_sink(sim, &order.sink));
    reduced.count = 0;
    while (more) {
        assert_int_equal(sim_run(sim, run_pool_program, NULL), SIM_OUTCOME_FINISHED);
        note_order(&reduced, &order);
        executions++;
        more = dpor_next(dpor, true);
    }
    if (reduced.count != all->count || executions != all->count)
        print_error("%s: %zu orders, by dpor %zu in %llu\n", program, all->count, reduced.count,
                    (unsigned long long)executions);
    assert_int_equal(reduced.count, all->count);
    assert_int_equal(executions, all->count);
    for (size_t i = 0; i < all->count; i++) {
        size_t at = 0;

        while (at < reduced.count && reduced.at[at] != all->at[i])
            at++;
        assert_true(at < reduced.count);
    }
    dpor_free(dpor);
    sim_free(sim);
}

static void jobs_are_taken_in_every_order_once(void **state)
{
    static struct orders all;
    int compared = 0;

    (void)state;
    for (uint64_t seed = 0; compared < PROGRAMS; seed++) {
        struct prng prng;
        char program[64];

        prng_seed(&prng, seed);
        the_program.count = 1 + (int)prng_below(&prng, JOBS);
        the_program.workers = 1 + (int)prng_below(&prng, 3);
        for (int i = 0; i <= JOBS; i++)
            the_program.main[i] = (uint8_t)prng_below(&prng, 12);
        for (int i = 0; i < JOBS; i++)
            for (int k = 0; k < 2; k++)
                the_program.jobs[i][k] = (uint8_t)prng_below(&prng, 12);
        if (!find_orders(&all))
            continue;
        (void)snprintf(program, sizeof(program), "program %llu, %d jobs, %d workers",
                       (unsigned long long)seed, the_program.count, the_program.workers);
        compare_orders(&all, program);
        compared++;
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lock_of_interpreter_has_an_order),
        cmocka_unit_test(workers_of_a_pool_end_before_its_shutdown),
        cmocka_unit_test(jobs_are_taken_in_every_order_once),
    };

    return cmocka_run_group_tests_name("dpor pools", tests, NULL, NULL);
}
