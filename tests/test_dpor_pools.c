/* Optimal DPOR where threads meet without an operation of their own: in the pool that they work
 * for, and at the interpreter lock.  It sees every outcome that depth-first search sees, and gives
 * no execution up. */
#include "tests/test.h"

#include <string.h>

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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lock_of_interpreter_has_an_order),
        cmocka_unit_test(workers_of_a_pool_end_before_its_shutdown),
    };

    return cmocka_run_group_tests_name("dpor pools", tests, NULL, NULL);
}
