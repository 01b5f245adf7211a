/* Fairness is told of what happens only when somebody could have repeated himself often enough: it
 * must take every choice as if it were told of everything before each. */
#include "tests/test.h"

#include <string.h>

#include "scenarios/scenarios.h"
#include "sim/policy/fair.h"
#include "sim/policy/random.h"
#include "sim/sim.h"

/* ---- Programs in which somebody spins, one way each. ---- */

struct shared {
    struct sim_var *flag;
    struct sim_var *other;
    struct sim_atomic *lock;
    struct sim_mutex *mutex;
    struct sim_condvar *changed;
};

/* Reads, and now and then gives way, until another writes. */
static enum sim_status read_until_set(struct sim *sim, void *arg)
{
    struct shared *shared = arg;

    for (int i = 1; sim_read(shared->flag) == 0; i++)
        if (i % 3 == 0)
            sim_thread_yield(sim);
    sim_write(shared->other, 2);
    return SIM_OK;
}

/* Writes what is there already, and then something new. */
static enum sim_status write_the_same(struct sim *sim, void *arg)
{
    struct shared *shared = arg;

    (void)sim;
    for (int i = 0; i < 7; i++)
        sim_write(shared->other, i / 3);
    sim_write(shared->flag, 1);
    return SIM_OK;
}

/* A lock of one's own, once by exchange and once by comparison. */
static enum sim_status spin_for_lock(struct sim *sim, void *arg)
{
    struct shared *shared = arg;
    int64_t expected = 0;

    while (sim_atomic_exchange(shared->lock, 1) == 1)
        continue;
    sim_write(shared->other, sim_read(shared->other) + 1);
    sim_atomic_store(shared->lock, 0);
    while (!sim_atomic_compare_exchange(shared->lock, &expected, 1)) {
        expected = 0;
        sim_thread_yield(sim);
    }
    sim_atomic_store(shared->lock, 0);
    return SIM_OK;
}

/* Locks and unlocks the same again and again, tries it, and waits for a notification. */
static enum sim_status lock_again(struct sim *sim, void *arg)
{
    struct shared *shared = arg;

    for (int i = 0; i < 6; i++) {
        sim_mutex_lock(shared->mutex);
        SIM_TRY(sim_mutex_unlock(shared->mutex));
    }
    while (!sim_mutex_trylock(shared->mutex))
        continue;
    sim_write(shared->flag, 1);
    sim_condvar_broadcast(shared->changed);
    SIM_TRY(sim_mutex_unlock(shared->mutex));
    sim_thread_sleep(sim, SIM_MS);
    return SIM_OK;
}

static enum sim_status wait_for_flag(struct sim *sim, void *arg)
{
    struct shared *shared = arg;

    (void)sim;
    sim_mutex_lock(shared->mutex);
    while (sim_read(shared->flag) == 0)
        SIM_TRY(sim_condvar_wait(shared->changed, shared->mutex));
    return sim_mutex_unlock(shared->mutex);
}

static enum sim_status pair(struct sim *sim, sim_body_fn first, sim_body_fn second)
{
    struct shared shared = {.flag = sim_var_new(sim, "flag", 0),
                            .other = sim_var_new(sim, "other", 0),
                            .lock = sim_atomic_new(sim, "lock", 0),
                            .mutex = sim_mutex_new(sim, "mutex"),
                            .changed = sim_condvar_new(sim, "changed")};
    struct sim_thread *a = sim_thread_new(sim, "a", first, &shared);
    struct sim_thread *b = sim_thread_new(sim, "b", second, &shared);

    SIM_TRY(sim_thread_join(a, NULL));
    return sim_thread_join(b, NULL);
}

static enum sim_status reading(struct sim *sim, void *arg)
{
    (void)arg;
    return pair(sim, read_until_set, write_the_same);
}

static enum sim_status spinning(struct sim *sim, void *arg)
{
    (void)arg;
    return pair(sim, spin_for_lock, spin_for_lock);
}

static enum sim_status locking(struct sim *sim, void *arg)
{
    (void)arg;
    return pair(sim, lock_again, wait_for_flag);
}

static enum sim_status mixed(struct sim *sim, void *arg)
{
    (void)arg;
    return pair(sim, read_until_set, lock_again);
}

static const struct sim_scenario own[] = {{.name = "reading", .main = reading},
                                          {.name = "spinning", .main = spinning},
                                          {.name = "locking", .main = locking},
                                          {.name = "mixed", .main = mixed}};

/* ---- */

/* A simulation whose policy is fair around a random one. */
struct searcher {
    struct sim *sim;
    struct policy_random random;
    struct policy_fair fair;
};

static void prepare(struct searcher *searcher, bool patient)
{
    struct sim_config config = {.level = SIM_LEVEL_ANY, .max_steps = 5000};

    searcher->sim = sim_new(&config);
    assert_non_null(searcher->sim);
    policy_random_init(&searcher->random, 4, 0);
    policy_fair_init(&searcher->fair, &searcher->random.policy);
    searcher->fair.alone = patient;
    sim_set_policy(searcher->sim, &searcher->fair.policy);
    assert_true(sim_add_sink(searcher->sim, &searcher->fair.sink));
}

static void run(struct searcher *searcher, const struct sim_scenario *scenario)
{
    int64_t params[SIM_PARAMS_MAX];

    for (int i = 0; i < SIM_PARAMS_MAX; i++)
        params[i] = scenario->params[i].value < 20 ? scenario->params[i].value : 20;
    (void)(scenario->async ? sim_run_async : sim_run)(searcher->sim, scenario->main, params);
}

/* Returns whether anybody was held back. */
static bool both_choose_the_same(const struct sim_scenario *scenario, int executions)
{
    struct searcher at_once;
    struct searcher late;

    prepare(&at_once, false);
    prepare(&late, true);
    for (int i = 0; i < executions; i++) {
        run(&at_once, scenario);
        run(&late, scenario);
        const struct schedule *a = sim_schedule(at_once.sim);
        const struct schedule *b = sim_schedule(late.sim);

        assert_int_equal(a->count, b->count);
        if (a->count > 0)
            assert_memory_equal(a->choices, b->choices, a->count * sizeof(*a->choices));
        assert_int_equal(sim_steps(at_once.sim), sim_steps(late.sim));
        assert_int_equal(at_once.fair.held, late.fair.held);
    }
    bool held = late.fair.held;

    sim_free(at_once.sim);
    sim_free(late.sim);
    policy_fair_free(&at_once.fair);
    policy_fair_free(&late.fair);
    return held;
}

static void who_spins_is_held_back_all_the_same(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(own) / sizeof(own[0]); i++)
        assert_true(both_choose_the_same(&own[i], 2000));
}

static void scenarios_run_all_the_same(void **state)
{
    (void)state;
    for (size_t i = 0; scenarios[i] != NULL; i++)
        (void)both_choose_the_same(scenarios[i], 30);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(who_spins_is_held_back_all_the_same),
        cmocka_unit_test(scenarios_run_all_the_same),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
