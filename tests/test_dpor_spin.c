/* Threads that spin under optimal DPOR.  The reference is plain search with fairness: the same
 * outcomes and the same findings, each in far fewer executions. */
#include "tests/test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "sim/explore/explore.h"
#include "sim/sim.h"
#include "tests/spin_searches.h"

enum { SHARDS = 3 };

struct shared {
    struct sim_atomic *a;
    struct sim_atomic *b;
    struct sim_atomic *c;
    struct sim_mutex *mutex;
    struct sim_var *order;
    int64_t seen;
};

static struct shared shared_new(struct sim *sim)
{
    return (struct shared){.a = sim_atomic_new(sim, "a", 0),
                           .b = sim_atomic_new(sim, "b", 0),
                           .c = sim_atomic_new(sim, "c", 0),
                           .mutex = sim_mutex_new(sim, "mutex"),
                           .order = sim_var_new(sim, "order", 0)};
}

static enum sim_status meet(struct sim *sim, struct shared *shared, sim_body_fn one,
                            sim_body_fn two)
{
    struct sim_thread *left = sim_thread_new(sim, "left", one, shared);
    struct sim_thread *right = sim_thread_new(sim, "right", two, shared);

    SIM_TRY(sim_thread_join(left, NULL));
    return sim_thread_join(right, NULL);
}

/* What only one at a time should do. */
static void enter(struct shared *shared, int64_t me)
{
    sim_write(shared->order, 2 * sim_read(shared->order) + me);
}

/* ---- Mutual exclusion. ---- */

static void peterson_side(struct shared *shared, struct sim_atomic *mine, struct sim_atomic *other,
                          int64_t me)
{
    sim_atomic_store(mine, 1);
    sim_atomic_store(shared->c, 1 - me);
    while (sim_atomic_load(other) == 1 && sim_atomic_load(shared->c) != me)
        ;
    enter(shared, me);
    sim_atomic_store(mine, 0);
}

static enum sim_status peterson_left(struct sim *sim, void *arg)
{
    struct shared *shared = arg;

    (void)sim;
    peterson_side(shared, shared->a, shared->b, 0);
    return SIM_OK;
}

static enum sim_status peterson_right(struct sim *sim, void *arg)
{
    struct shared *shared = arg;

    (void)sim;
    peterson_side(shared, shared->b, shared->a, 1);
    return SIM_OK;
}

static enum sim_status peterson_main(struct sim *sim, void *arg)
{
    struct shared shared = shared_new(sim);

    (void)arg;
    SIM_TRY(meet(sim, &shared, peterson_left, peterson_right));
    ends_as(sim_read(shared.order));
    return SIM_OK;
}

static void exchange_lock(struct shared *shared, int64_t me)
{
    while (sim_atomic_exchange(shared->a, 1) == 1)
        ;
    enter(shared, me);
    sim_atomic_store(shared->a, 0);
}

static enum sim_status exchange_left(struct sim *sim, void *arg)
{
    (void)sim;
    exchange_lock(arg, 0);
    return SIM_OK;
}

static enum sim_status exchange_right(struct sim *sim, void *arg)
{
    (void)sim;
    exchange_lock(arg, 1);
    return SIM_OK;
}

static enum sim_status exchange_main(struct sim *sim, void *arg)
{
    struct shared shared = shared_new(sim);

    (void)arg;
    SIM_TRY(meet(sim, &shared, exchange_left, exchange_right));
    ends_as(sim_read(shared.order));
    return SIM_OK;
}

static void ticket_lock(struct shared *shared, int64_t me)
{
    int64_t ticket = sim_atomic_fetch_add(shared->a, 1);

    while (sim_atomic_load(shared->b) != ticket)
        ;
    enter(shared, me);
    (void)sim_atomic_fetch_add(shared->b, 1);
}

static enum sim_status ticket_left(struct sim *sim, void *arg)
{
    (void)sim;
    ticket_lock(arg, 0);
    return SIM_OK;
}

static enum sim_status ticket_right(struct sim *sim, void *arg)
{
    (void)sim;
    ticket_lock(arg, 1);
    return SIM_OK;
}

static enum sim_status ticket_main(struct sim *sim, void *arg)
{
    struct shared shared = shared_new(sim);

    (void)arg;
    SIM_TRY(meet(sim, &shared, ticket_left, ticket_right));
    ends_as(sim_read(shared.order));
    return SIM_OK;
}

static void try_lock(struct shared *shared, int64_t me)
{
    while (!sim_mutex_trylock(shared->mutex))
        ;
    enter(shared, me);
    (void)sim_mutex_unlock(shared->mutex);
}

static enum sim_status try_left(struct sim *sim, void *arg)
{
    (void)sim;
    try_lock(arg, 0);
    return SIM_OK;
}

static enum sim_status try_right(struct sim *sim, void *arg)
{
    (void)sim;
    try_lock(arg, 1);
    return SIM_OK;
}

static enum sim_status try_main(struct sim *sim, void *arg)
{
    struct shared shared = shared_new(sim);

    (void)arg;
    SIM_TRY(meet(sim, &shared, try_left, try_right));
    ends_as(sim_read(shared.order));
    return SIM_OK;
}

/* ---- Who comes first makes the thing, the other waits until it is there. ---- */

static void once(struct shared *shared, int64_t me)
{
    int64_t none = 0;

    if (sim_atomic_load(shared->a) != 2 && sim_atomic_compare_exchange(shared->a, &none, 1)) {
        sim_write(shared->order, 1 + me);
        sim_atomic_store(shared->a, 2);
    }
    while (sim_atomic_load(shared->a) != 2)
        ;
    (void)sim_atomic_fetch_add(shared->b, sim_read(shared->order));
}

static enum sim_status once_left(struct sim *sim, void *arg)
{
    (void)sim;
    once(arg, 0);
    return SIM_OK;
}

static enum sim_status once_right(struct sim *sim, void *arg)
{
    (void)sim;
    once(arg, 1);
    return SIM_OK;
}

static enum sim_status once_main(struct sim *sim, void *arg)
{
    struct shared shared = shared_new(sim);

    (void)arg;
    SIM_TRY(meet(sim, &shared, once_left, once_right));
    ends_as(sim_atomic_load(shared.b));
    return SIM_OK;
}

/* ---- Either of two things ends the wait, and both may be there by then. ---- */

static enum sim_status set_a(struct sim *sim, void *arg)
{
    struct shared *shared = arg;

    (void)sim;
    sim_atomic_store(shared->a, 1);
    sim_atomic_store(shared->a, 2);
    return SIM_OK;
}

static enum sim_status set_b(struct sim *sim, void *arg)
{
    struct shared *shared = arg;

    (void)sim;
    sim_atomic_store(shared->b, 1);
    return SIM_OK;
}

static enum sim_status either_main(struct sim *sim, void *arg)
{
    struct shared shared = shared_new(sim);
    struct sim_thread *left = sim_thread_new(sim, "left", set_a, &shared);
    struct sim_thread *right = sim_thread_new(sim, "right", set_b, &shared);
    int64_t a = 0;
    int64_t b = 0;

    (void)arg;
    while (a == 0 && b == 0) {
        a = sim_atomic_load(shared.a);
        b = sim_atomic_load(shared.b);
    }
    ends_as(8 * a + b);
    SIM_TRY(sim_thread_join(left, NULL));
    return sim_thread_join(right, NULL);
}

/* ---- A flag that is up for a while only: who comes too late waits for ever. ---- */

static enum sim_status blink(struct sim *sim, void *arg)
{
    struct shared *shared = arg;

    (void)sim;
    sim_atomic_store(shared->a, 1);
    sim_atomic_store(shared->a, 0);
    return SIM_OK;
}

static enum sim_status await_a(struct sim *sim, void *arg)
{
    struct shared *shared = arg;

    (void)sim;
    while (sim_atomic_load(shared->a) == 0)
        ;
    return SIM_OK;
}

static enum sim_status blink_main(struct sim *sim, void *arg)
{
    struct shared shared = shared_new(sim);

    (void)arg;
    SIM_TRY(meet(sim, &shared, blink, await_a));
    ends_as(0);
    return SIM_OK;
}

/* ---- Who looks often enough does without, though nothing has changed; then the other goes on.
 * ----
 */

static enum sim_status give_up(struct sim *sim, void *arg)
{
    struct shared *shared = arg;

    (void)sim;
    for (int i = 0; i < 12 && sim_atomic_load(shared->a) == 0; i++)
        ;
    (void)sim_atomic_fetch_add(shared->c, 1);
    sim_atomic_store(shared->b, 1);
    return SIM_OK;
}

static enum sim_status await_b(struct sim *sim, void *arg)
{
    struct shared *shared = arg;

    (void)sim;
    while (sim_atomic_load(shared->b) == 0)
        ;
    shared->seen = sim_atomic_load(shared->c);
    (void)sim_atomic_fetch_add(shared->c, 2 * shared->seen);
    return SIM_OK;
}

static enum sim_status patience_main(struct sim *sim, void *arg)
{
    struct shared shared = shared_new(sim);

    (void)arg;
    SIM_TRY(meet(sim, &shared, give_up, await_b));
    ends_as(sim_atomic_load(shared.c));
    return SIM_OK;
}

/* ---- One looks under a mutex that the other needs to change what it looks at. ---- */

static enum sim_status look_locked(struct sim *sim, void *arg)
{
    struct shared *shared = arg;
    bool open = false;

    (void)sim;
    while (!open) {
        sim_mutex_lock(shared->mutex);
        open = sim_read(shared->order) == 1;
        (void)sim_mutex_unlock(shared->mutex);
    }
    return SIM_OK;
}

static enum sim_status open_locked(struct sim *sim, void *arg)
{
    struct shared *shared = arg;

    (void)sim;
    sim_mutex_lock(shared->mutex);
    sim_write(shared->order, 1);
    return sim_mutex_unlock(shared->mutex);
}

static enum sim_status locked_main(struct sim *sim, void *arg)
{
    struct shared shared = shared_new(sim);

    (void)arg;
    SIM_TRY(meet(sim, &shared, look_locked, open_locked));
    ends_as(1);
    return SIM_OK;
}

/* ---- What is chosen where only who spins is left is not tried: that must be said. ---- */

static enum sim_status give_up_and_choose(struct sim *sim, void *arg)
{
    struct shared *shared = arg;

    for (int i = 0; i < 12 && sim_atomic_load(shared->a) == 0; i++)
        ;
    sim_atomic_store(shared->b, 1 + sim_choose_number(sim, 2));
    return SIM_OK;
}

static enum sim_status choosing_main(struct sim *sim, void *arg)
{
    struct shared shared = shared_new(sim);

    (void)arg;
    return meet(sim, &shared, give_up_and_choose, await_b);
}

static const struct sim_scenario programs[] = {
    {.name = "peterson", .main = peterson_main}, {.name = "exchange", .main = exchange_main},
    {.name = "ticket", .main = ticket_main},     {.name = "try", .main = try_main},
    {.name = "once", .main = once_main},         {.name = "either", .main = either_main},
    {.name = "blink", .main = blink_main},       {.name = "patience", .main = patience_main},
    {.name = "locked", .main = locked_main},
};

enum { PROGRAMS = sizeof(programs) / sizeof(programs[0]) };

static struct result search(const struct sim_scenario *scenario, struct explore_request request)
{
    return search_threads(scenario, request, 2500);
}

static void outcomes_are_those_of_every_schedule(void **state)
{
    (void)state;
    for (size_t i = 0; i < PROGRAMS; i++) {
        bool large = programs[i].main == peterson_main || programs[i].main == patience_main;
        struct result dfs =
            search(&programs[i], (struct explore_request){.policy = EXPLORE_DFS,
                                                          .max_preemptions = large ? 2 : -1});
        struct result dpor = search(&programs[i], (struct explore_request){.policy = EXPLORE_DPOR});

        assert_int_equal(dpor.outcomes, dfs.outcomes);
        assert_int_equal(dpor.kinds, dfs.kinds);
        assert_true(dpor.report.executions <= 50 &&
                    dpor.report.executions * 5 < dfs.report.executions);
        assert_int_equal(dpor.report.given_up, 0);
        /* Where nobody will ever change anything, the limit on steps ends the execution. */
        assert_int_equal(limits_cut_short(&dpor.report) > 0, programs[i].main == blink_main);
        assert_int_equal((dpor.kinds >> SIM_FINDING_LIVELOCK) & 1, programs[i].main == blink_main);
        if (programs[i].main != blink_main) {
            assert_int_equal(dpor.report.verdict, EXPLORE_BOUNDED);
            assert_non_null(strstr(dpor.report.why, "at most 4 rounds of a loop that waits"));
        }
    }
}

static void parts_together_are_the_whole(void **state)
{
    (void)state;
    for (size_t i = 0; i < PROGRAMS; i++) {
        struct result whole =
            search(&programs[i], (struct explore_request){.policy = EXPLORE_DPOR});
        uint64_t executions = 0;
        uint64_t seen = 0;

        for (uint32_t shard = 0; shard < SHARDS; shard++) {
            struct result part =
                search(&programs[i], (struct explore_request){.policy = EXPLORE_DPOR,
                                                              .shard_index = shard,
                                                              .shard_count = SHARDS});

            executions += part.report.executions;
            seen |= part.outcomes;
        }
        assert_int_equal(executions, whole.report.executions);
        assert_int_equal(seen, whole.outcomes);
    }
}

/* Stopped after each execution, written and read again. */
static void breaks_change_nothing(void **state)
{
    (void)state;
    for (size_t i = 0; i < PROGRAMS; i++) {
        char path[] = "checkpoint_XXXXXX";
        struct explore_request request = {.policy = EXPLORE_DPOR};
        struct result whole = search(&programs[i], request);
        struct result part = {0};
        int fd = mkstemp(path);

        assert_true(fd >= 0);
        assert_int_equal(close(fd), 0);
        assert_int_equal(unlink(path), 0);
        request.checkpoint = path;
        for (uint64_t count = 1; count <= whole.report.executions + 1; count++) {
            request.max_executions = count;
            part = search(&programs[i], request);
        }
        assert_int_equal(unlink(path), 0);
        assert_int_equal(part.report.executions, whole.report.executions);
        assert_int_equal(part.report.verdict, whole.report.verdict);
        assert_string_equal(part.report.why, whole.report.why);
        assert_int_equal(part.kinds, whole.kinds);
    }
}

static void what_was_not_tried_is_told(void **state)
{
    static const struct sim_scenario choosing = {.name = "choosing", .main = choosing_main};
    struct result dpor = search(&choosing, (struct explore_request){.policy = EXPLORE_DPOR});

    (void)state;
    assert_int_equal(dpor.report.verdict, EXPLORE_INCONCLUSIVE);
    assert_non_null(strstr(dpor.report.why, "after everybody has waited"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(outcomes_are_those_of_every_schedule),
        cmocka_unit_test(parts_together_are_the_whole),
        cmocka_unit_test(breaks_change_nothing),
        cmocka_unit_test(what_was_not_tried_is_told),
    };

    return cmocka_run_group_tests_name("dpor_spin", tests, NULL, NULL);
}
