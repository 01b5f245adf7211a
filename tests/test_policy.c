/* Policies that sample: what they promise, counted over fixed seeds. */
#include "tests/test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/explore/explore.h"
#include "sim/policy/guided.h"
#include "sim/policy/pct.h"
#include "sim/policy/pos.h"
#include "sim/policy/random.h"
#include "sim/policy/surw.h"
#include "sim/sim.h"

/* ---- Two threads of two operations each on one atomic, and the order in which those happen. ----
 */

struct orders {
    struct sim_atomic *atomic;
    unsigned order; /* a bit an operation, the latest lowest: 1 for the second thread's */
};

struct walker {
    struct orders *orders;
    unsigned bit;
};

static enum sim_status walk(struct sim *sim, void *arg)
{
    const struct walker *walker = arg;

    (void)sim;
    for (int i = 0; i < 2; i++) {
        (void)sim_atomic_fetch_add(walker->orders->atomic, 1);
        walker->orders->order = walker->orders->order << 1 | walker->bit;
    }
    return SIM_OK;
}

static enum sim_status two_walkers(struct sim *sim, void *arg)
{
    struct orders *orders = arg;
    struct walker a = {orders, 0};
    struct walker b = {orders, 1};

    orders->atomic = sim_atomic_new(sim, "a", 0);
    orders->order = 0;
    struct sim_thread *first = sim_thread_new(sim, "first", walk, &a);
    struct sim_thread *second = sim_thread_new(sim, "second", walk, &b);

    SIM_TRY(sim_thread_join(first, NULL));
    return sim_thread_join(second, NULL);
}

enum { ORDERS = 16 };

/* How often each order comes in so many executions. */
static void count_orders(struct policy *policy, struct sink *sink, int executions, int *counts)
{
    struct sim *sim = sim_new(NULL);
    struct orders orders;

    assert_non_null(sim);
    memset(counts, 0, ORDERS * sizeof(*counts));
    sim_set_policy(sim, policy);
    if (sink != NULL)
        assert_true(sim_add_sink(sim, sink));
    for (int i = 0; i < executions; i++) {
        assert_int_equal(sim_run(sim, two_walkers, &orders), SIM_OUTCOME_FINISHED);
        assert_in_range(orders.order, 3, 12);
        counts[orders.order]++;
    }
    sim_free(sim);
}

static const unsigned every_order[] = {3, 5, 6, 9, 10, 12};

static void surw_takes_every_order_of_what_is_shared_equally_often(void **state)
{
    struct policy_surw surw;
    int counts[ORDERS];

    (void)state;
    skip_if_sanitized();
    for (uint64_t seed = 1; seed <= 3; seed++) {
        policy_surw_init(&surw, seed);
        count_orders(&surw.policy, &surw.sink, 60001, counts);
        counts[3]--; /* the first execution is FIFO */
        for (int i = 0; i < 6; i++)
            assert_in_range(counts[every_order[i]], 9600, 10400);
        policy_surw_free(&surw);
    }
}

/* ---- Two tasks that share nothing and give way twice: every step counts. ---- */

static enum sim_status step(struct sim *sim, void *arg)
{
    const struct walker *walker = arg;

    for (int i = 0; i < 3; i++) {
        walker->orders->order = walker->orders->order << 1 | walker->bit;
        if (i < 2)
            SIM_TRY(sim_sleep(sim, 0));
    }
    return SIM_OK;
}

static enum sim_status two_steppers(struct sim *sim, void *arg)
{
    struct orders *orders = arg;
    struct walker a = {orders, 0};
    struct walker b = {orders, 1};

    orders->order = 0;
    struct sim_task *first = sim_task_new(sim, "first", step, &a);
    struct sim_task *second = sim_task_new(sim, "second", step, &b);

    SIM_TRY(sim_await(first, NULL));
    return sim_await(second, NULL);
}

static void surw_walks_evenly_where_nothing_is_shared(void **state)
{
    const struct sim_config config = {.level = SIM_LEVEL_ANY};
    struct sim *sim = sim_new(&config);
    struct policy_surw surw;
    struct orders orders;
    int counts[64] = {0};
    int different = 0;

    (void)state;
    assert_non_null(sim);
    policy_surw_init(&surw, 9);
    sim_set_policy(sim, &surw.policy);
    assert_true(sim_add_sink(sim, &surw.sink));
    for (int i = 0; i < 40001; i++) {
        assert_int_equal(sim_run_async(sim, two_steppers, &orders), SIM_OUTCOME_FINISHED);
        counts[orders.order] += i > 0; /* the first execution is FIFO */
    }
    for (int i = 0; i < 64; i++) {
        if (counts[i] == 0)
            continue;
        different++;
        assert_in_range(counts[i], 1800, 2200);
    }
    assert_int_equal(different, 20); /* six steps, of which three are the second's */
    policy_surw_free(&surw);
    sim_free(sim);
}

static void surw_repeats_itself_by_seed(void **state)
{
    int counts[2][ORDERS];

    (void)state;
    for (int i = 0; i < 2; i++) {
        struct policy_surw surw;

        policy_surw_init(&surw, 12);
        count_orders(&surw.policy, &surw.sink, 1000, counts[i]);
        policy_surw_free(&surw);
    }
    assert_memory_equal(counts[0], counts[1], sizeof(counts[0]));
}

/* PCT's promise for depth d holds for everything that d constraints are enough for: for depth 3,
 * each of these orders (a1 < b1 < a2 < b2 are three constraints).  For b a b a it is all that there
 * is: b and main before a, and each point at one choice of seven.  Four deviations off is noise. */
static void pct_keeps_its_promise(void **state)
{
    enum { EXECUTIONS = 20000, SEEDS = 10 };
    int sums[ORDERS] = {0};
    double bound = 0;

    (void)state;
    skip_if_sanitized();
    for (uint64_t seed = 1; seed <= SEEDS; seed++) {
        struct policy_pct pct;
        int counts[ORDERS];

        policy_pct_init(&pct, seed, 3);
        count_orders(&pct.policy, NULL, PCT_PROFILE, counts);
        count_orders(&pct.policy, NULL, EXECUTIONS, counts);
        assert_int_equal(pct.actors, 3);
        assert_int_equal(pct.assumed, 7);
        assert_int_equal(pct.longest, 7);
        bound = policy_pct_bound(pct.actors, pct.assumed, 3);
        for (int i = 0; i < ORDERS; i++)
            sums[i] += counts[i];
        policy_pct_free(&pct);
    }
    double promised = bound * EXECUTIONS * SEEDS;

    assert_true(promised > 1360 && promised < 1361);
    for (int i = 0; i < 6; i++)
        assert_true(sums[every_order[i]] >= promised - 4 * 37); /* 37^2 = promised */
    assert_in_range(sums[10], 1360 - 4 * 37, 1360 + 4 * 37);
}

/* For depth 1, each of the two in one piece before the other (one constraint: the last of the one
 * before the first of the other); for depth 2, one that comes between the operations of the other
 * (two constraints), whatever else.  Bits of an order, from the first on: 1 is b. */
static void pct_keeps_its_promise_at_lower_depths(void **state)
{
    enum { EXECUTIONS = 4000, SEEDS = 10 };
    static const struct {
        uint32_t depth;
        int orders[2];
    } bugs[] = {{1, {3, 3}}, {1, {12, 12}}, {2, {5, 6}}, {2, {9, 10}}};

    (void)state;
    skip_if_sanitized();
    for (size_t bug = 0; bug < sizeof(bugs) / sizeof(bugs[0]); bug++) {
        int hits = 0;
        double bound = 0;

        for (uint64_t seed = 1; seed <= SEEDS; seed++) {
            struct policy_pct pct;
            int counts[ORDERS] = {0};

            policy_pct_init(&pct, seed, bugs[bug].depth);
            count_orders(&pct.policy, NULL, PCT_PROFILE, counts);
            count_orders(&pct.policy, NULL, EXECUTIONS, counts);
            bound = policy_pct_bound(pct.actors, pct.assumed, bugs[bug].depth);
            hits += counts[bugs[bug].orders[0]];
            if (bugs[bug].orders[1] != bugs[bug].orders[0])
                hits += counts[bugs[bug].orders[1]];
            policy_pct_free(&pct);
        }
        double promised = bound * EXECUTIONS * SEEDS;
        double short_by = promised - hits;

        assert_true(promised > 1900 && promised < 13334);
        /* Four deviations off is noise. */
        assert_true(short_by <= 0 || short_by * short_by <= 16 * promised);
    }
}

/* Without change points nobody who runs is interrupted, but for who has just been started. */
static void pct_of_depth_1_interrupts_nobody(void **state)
{
    struct policy_pct pct;
    int counts[ORDERS];

    (void)state;
    policy_pct_init(&pct, 7, 1);
    count_orders(&pct.policy, NULL, PCT_PROFILE, counts);
    count_orders(&pct.policy, NULL, 2000, counts);
    /* a, main, b: each order of the three; b's start may come between a's operations only while
     * main goes first, and then b goes last. */
    assert_int_equal(counts[3] + counts[12], 2000);
    assert_in_range(counts[3], 600, 1400);
    policy_pct_free(&pct);
}

static void a_bound_is_of_one_execution_and_adds_up(void **state)
{
    (void)state;
    assert_true(policy_pct_bound(2, 10, 1) == 0.5);
    assert_true(policy_pct_bound(4, 8, 3) == 1.0 / 256);
    assert_true(policy_pct_at_least_once(0.5, 0) == 0);
    assert_true(policy_pct_at_least_once(0.5, 1) == 0.5);
    assert_true(policy_pct_at_least_once(0.5, 3) == 0.875);
    double thousand = policy_pct_at_least_once(0.001, 1000);

    assert_true(thousand > 0.6323 && thousand < 0.6324); /* 1 - 0.999^1000 = 0.63230... */
    double tiny = policy_pct_at_least_once(1e-18, 1000);

    assert_true(tiny > 0.999e-15 && tiny < 1.001e-15);
}

/* ---- Threads that are only lists of operations: nothing but the policy decides. ---- */

struct script {
    const uint32_t *objects; /* of each operation, all of which write */
    uint32_t count;
};

/* Run two scripts to their ends.  Returns the order, as above, of the operations on object 1. */
static unsigned interleave(struct policy *policy, const struct script *scripts)
{
    uint32_t done[2] = {0, 0};
    unsigned order = 0;
    uint32_t last = 0;

    policy->begin(policy);
    for (uint32_t index = 0; done[0] < scripts[0].count || done[1] < scripts[1].count; index++) {
        struct sim_option options[2];
        uint32_t who[2];
        uint32_t count = 0;
        uint32_t taken = 0;

        for (uint32_t i = 0; i < 2; i++) {
            uint32_t t = (last + i) % 2;

            if (done[t] == scripts[t].count)
                continue;
            who[count] = t;
            options[count++] = (struct sim_option){
                .actor = t + 1, .object = scripts[t].objects[done[t]], .op = SIM_EV_WRITE};
        }
        if (count == 2)
            taken = policy->choose(policy, &(struct sim_choice){.kind = SIM_CHOICE_THREAD,
                                                                .preempting = index > 0,
                                                                .count = 2,
                                                                .index = index,
                                                                .options = options});
        assert_in_range(taken, 0, count - 1);
        last = who[taken];
        if (scripts[last].objects[done[last]++] == 1)
            order = order << 1 | last;
    }
    return order;
}

/* Each of the two goes next as often as the other, while both are there. */
static void assert_even(struct policy *policy)
{
    static const uint32_t objects[] = {1, 1};
    const struct script scripts[] = {{objects, 2}, {objects, 2}};
    int counts[ORDERS] = {0};

    for (int i = 0; i < 80000; i++)
        counts[interleave(policy, scripts)]++;
    assert_in_range(counts[3], 19500, 20500);
    assert_in_range(counts[12], 19500, 20500);
    assert_in_range(counts[5], 9600, 10400);
    assert_in_range(counts[6], 9600, 10400);
    assert_in_range(counts[9], 9600, 10400);
    assert_in_range(counts[10], 9600, 10400);
}

static void random_and_pos_are_even_where_everything_races(void **state)
{
    struct policy_random random;
    struct policy_pos pos;

    (void)state;
    policy_random_init(&random, 11, 0);
    assert_even(&random.policy);
    policy_pos_init(&pos, 11);
    assert_even(&pos.policy);
    policy_pos_free(&pos);
}

/* One thread does what races at once, the other after seven things of its own.  For the second to
 * be first, random must pick it eight times of eight: 1/256.  With POS, its eight events must each
 * have a higher priority than the one that waits: 1/9. */
static void pos_is_not_misled_by_what_races_with_nothing(void **state)
{
    static const uint32_t at_once[] = {1};
    static const uint32_t later[] = {2, 3, 4, 5, 6, 7, 8, 1};
    const struct script scripts[] = {{at_once, 1}, {later, 8}};
    struct policy_random random;
    struct policy_pos pos;
    int by_random = 0;
    int by_pos = 0;

    (void)state;
    policy_random_init(&random, 5, 0);
    policy_pos_init(&pos, 5);
    for (int i = 0; i < 90000; i++) {
        by_random += interleave(&random.policy, scripts) == 2;
        by_pos += interleave(&pos.policy, scripts) == 2;
    }
    assert_in_range(by_random, 300, 400); /* 90000 / 256 = 352 */
    assert_in_range(by_pos, 9600, 10400);
    policy_pos_free(&pos);
}

static void reads_do_not_race_with_reads(void **state)
{
    const struct sim_option read_1 = {.actor = 1, .object = 9, .op = SIM_EV_READ};
    const struct sim_option read_2 = {.actor = 2, .object = 9, .op = SIM_EV_ATOMIC_LOAD};
    const struct sim_option write_2 = {.actor = 2, .object = 9, .op = SIM_EV_WRITE};
    const struct sim_option write_3 = {.actor = 3, .object = 8, .op = SIM_EV_WRITE};
    const struct sim_option begin_3 = {.actor = 3, .object = 9, .op = SIM_EV_RESUME};

    (void)state;
    assert_false(policy_pos_race(&read_1, &read_2));
    assert_true(policy_pos_race(&read_1, &write_2));
    assert_false(policy_pos_race(&read_2, &write_2));
    assert_false(policy_pos_race(&write_2, &write_3));
    assert_false(policy_pos_race(&write_2, &begin_3));
}

static void the_same_seed_gives_the_same_executions(void **state)
{
    static const uint32_t objects[] = {1, 2, 1, 3, 1};
    const struct script scripts[] = {{objects, 5}, {objects, 3}};
    struct policy_pct pct[2];
    struct policy_pos pos[2];
    int differ = 0;

    (void)state;
    for (int i = 0; i < 2; i++) {
        policy_pct_init(&pct[i], 3, 3);
        policy_pos_init(&pos[i], 3);
    }
    for (int i = 0; i < 1000; i++) {
        unsigned by_pct = interleave(&pct[0].policy, scripts);
        unsigned by_pos = interleave(&pos[0].policy, scripts);

        assert_int_equal(by_pct, interleave(&pct[1].policy, scripts));
        assert_int_equal(by_pos, interleave(&pos[1].policy, scripts));
        differ += by_pct != by_pos;
    }
    assert_in_range(differ, 100, 999);
    /* Any one can be run again alone, once there is a profile. */
    pct[0].execution = pct[1].execution = 500;
    assert_int_equal(interleave(&pct[0].policy, scripts), interleave(&pct[1].policy, scripts));
    for (int i = 0; i < 2; i++) {
        policy_pct_free(&pct[i]);
        policy_pos_free(&pos[i]);
    }
}

/* ---- Guided. ---- */

static void a_prefix_comes_first_and_then_the_other_policy(void **state)
{
    uint32_t choices[] = {1, 0, 1};
    const struct schedule prefix = {.choices = choices, .count = 3};
    struct sim_option options[2] = {{.actor = 1}, {.actor = 2}};
    struct sim_choice choice = {.kind = SIM_CHOICE_THREAD, .count = 2, .options = options};
    struct policy_guided guided;
    struct policy_random random;

    (void)state;
    policy_random_init(&random, 1, 0);
    policy_guided_init(&guided, &prefix, &random.policy);
    guided.policy.begin(&guided.policy);
    assert_int_equal(random.execution, 1);
    int ones = 0;

    for (choice.index = 0; choice.index < 103; choice.index++) {
        uint32_t taken = guided.policy.choose(&guided.policy, &choice);

        if (choice.index < 3)
            assert_int_equal(taken, choices[choice.index]);
        else
            ones += (int)taken;
    }
    assert_in_range(ones, 30, 70);
    policy_guided_init(&guided, &prefix, NULL);
    guided.policy.begin(&guided.policy);
    choice.index = 3;
    assert_int_equal(guided.policy.choose(&guided.policy, &choice), 0);
    choices[1] = 2;
    choice.index = 1;
    assert_int_equal(guided.policy.choose(&guided.policy, &choice), SIM_DIVERGE);
    assert_true(guided.diverged);
    assert_int_equal(guided.index, 1);
    assert_int_equal(guided.offered, 2);
    assert_int_equal(guided.recorded, 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(surw_takes_every_order_of_what_is_shared_equally_often),
        cmocka_unit_test(surw_walks_evenly_where_nothing_is_shared),
        cmocka_unit_test(surw_repeats_itself_by_seed),
        cmocka_unit_test(pct_keeps_its_promise),
        cmocka_unit_test(pct_keeps_its_promise_at_lower_depths),
        cmocka_unit_test(pct_of_depth_1_interrupts_nobody),
        cmocka_unit_test(a_bound_is_of_one_execution_and_adds_up),
        cmocka_unit_test(random_and_pos_are_even_where_everything_races),
        cmocka_unit_test(pos_is_not_misled_by_what_races_with_nothing),
        cmocka_unit_test(reads_do_not_race_with_reads),
        cmocka_unit_test(the_same_seed_gives_the_same_executions),
        cmocka_unit_test(a_prefix_comes_first_and_then_the_other_policy),
    };

    return cmocka_run_group_tests_name("policy", tests, NULL, NULL);
}
