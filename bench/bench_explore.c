/* Executions a second of whole searches, detectors included, in one process. */
#include <string.h>

#include "bench/bench_search.h"
#include "scenarios/scenarios.h"
#include "sim/sim.h"

/* An exhaustive search of a larger program is measured by so many of its executions. */
enum { EXECUTIONS = 200000 };

/* ---- Two threads, and each adds one to a plain variable twice. ---- */

static enum sim_status add_twice(struct sim *sim, void *arg)
{
    (void)sim;
    for (int i = 0; i < 2; i++)
        sim_write((struct sim_var *)arg, sim_read((struct sim_var *)arg) + 1);
    return SIM_OK;
}

static enum sim_status two_threads(struct sim *sim, sim_body_fn first, sim_body_fn second,
                                   void *arg)
{
    struct sim_thread *a = sim_thread_new(sim, "a", first, arg);
    struct sim_thread *b = sim_thread_new(sim, "b", second, arg);

    SIM_TRY(sim_thread_join(a, NULL));
    return sim_thread_join(b, NULL);
}

static enum sim_status updates(struct sim *sim, void *arg)
{
    (void)arg;
    return two_threads(sim, add_twice, add_twice, sim_var_new(sim, "counter", 0));
}

static const struct sim_scenario two_updates = {
    .name = "two_updates", .main = updates, .contained = true};

/* ---- Two threads, and each takes two mutexes, always in the same order, twice. ---- */

struct locks {
    struct sim_mutex *outer;
    struct sim_mutex *inner;
};

static enum sim_status lock_twice(struct sim *sim, void *arg)
{
    struct locks *locks = arg;

    (void)sim;
    for (int i = 0; i < 2; i++) {
        sim_mutex_lock(locks->outer);
        sim_mutex_lock(locks->inner);
        SIM_TRY(sim_mutex_unlock(locks->inner));
        SIM_TRY(sim_mutex_unlock(locks->outer));
    }
    return SIM_OK;
}

static enum sim_status locking(struct sim *sim, void *arg)
{
    struct locks locks = {.outer = sim_mutex_new(sim, "outer"),
                          .inner = sim_mutex_new(sim, "inner")};

    (void)arg;
    return two_threads(sim, lock_twice, lock_twice, &locks);
}

static const struct sim_scenario two_locks = {
    .name = "two_locks", .main = locking, .contained = true};

/* ---- A buffer with room for one item: three are put in, three are taken out. ---- */

enum { ITEMS = 3 };

struct buffer {
    struct sim_mutex *mutex;
    struct sim_condvar *changed;
    struct sim_var *full;
};

static enum sim_status move_items(struct buffer *buffer, int64_t from, int64_t to)
{
    for (int i = 0; i < ITEMS; i++) {
        sim_mutex_lock(buffer->mutex);
        while (sim_read(buffer->full) != from)
            SIM_TRY(sim_condvar_wait(buffer->changed, buffer->mutex));
        sim_write(buffer->full, to);
        sim_condvar_signal(buffer->changed);
        SIM_TRY(sim_mutex_unlock(buffer->mutex));
    }
    return SIM_OK;
}

static enum sim_status produce(struct sim *sim, void *arg)
{
    (void)sim;
    return move_items(arg, 0, 1);
}

static enum sim_status consume(struct sim *sim, void *arg)
{
    (void)sim;
    return move_items(arg, 1, 0);
}

static enum sim_status buffering(struct sim *sim, void *arg)
{
    struct buffer buffer = {.mutex = sim_mutex_new(sim, "mutex"),
                            .changed = sim_condvar_new(sim, "changed"),
                            .full = sim_var_new(sim, "full", 0)};

    (void)arg;
    return two_threads(sim, produce, consume, &buffer);
}

static const struct sim_scenario small_buffer = {
    .name = "small_buffer", .main = buffering, .contained = true};

/* ---- */

static void measure_search(const char *program, const char *how, enum explore_policy policy,
                           const struct sim_scenario *scenario)
{
    struct explore_request request = {
        .policy = policy, .max_preemptions = -1, .max_executions = EXECUTIONS, .keep_going = true};
    char key[64];

    run_request_init(&request.run, scenario);
    (void)snprintf(key, sizeof(key), "%s_%s", program, how);
    bench_search(key, &request, 0);
}

int main(int argc, char **argv)
{
    static const struct program {
        const char *key;
        const struct sim_scenario *scenario;
    } programs[] = {
        {"explore_counter", &counter_race_threads}, {"explore_abba", &deadlock_abba_threads},
        {"explore_updates", &two_updates},          {"explore_locks", &two_locks},
        {"explore_buffer", &small_buffer},
    };

    /* All, or those of which the first argument is the key. */
    for (size_t i = 0; i < sizeof(programs) / sizeof(programs[0]); i++) {
        if (argc > 1 && strcmp(argv[1], programs[i].key) != 0)
            continue;
        measure_search(programs[i].key, "all", EXPLORE_DFS, programs[i].scenario);
        measure_search(programs[i].key, "random", EXPLORE_RANDOM, programs[i].scenario);
    }
    return 0;
}
