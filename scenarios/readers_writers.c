/* A lock for many readers or one writer, made by hand of a mutex and a condition variable: two
 * conditions that are awaited one after the other are not both true at the end. */
#include "scenarios/scenarios.h"
#include "sim/sim.h"

struct library {
    struct sim_mutex *mutex;
    struct sim_condvar *changed;
    struct sim_var *readers; /* inside; guarded by mutex, as writing is */
    struct sim_var *writing;
    struct sim_var *book; /* what the lock is for */
    bool right;
};

static enum sim_status wait_while(struct library *library, struct sim_var *var)
{
    while (sim_read(var) > 0)
        SIM_TRY(sim_condvar_wait(library->changed, library->mutex));
    return SIM_OK;
}

/* While the readers leave, another writer may have begun. */
static enum sim_status wait_one_by_one(struct library *library)
{
    SIM_TRY(wait_while(library, library->writing));
    return wait_while(library, library->readers);
}

static enum sim_status wait_for_both(struct library *library)
{
    while (sim_read(library->writing) > 0 || sim_read(library->readers) > 0)
        SIM_TRY(sim_condvar_wait(library->changed, library->mutex));
    return SIM_OK;
}

static enum sim_status leave(struct library *library, struct sim_var *var)
{
    sim_mutex_lock(library->mutex);
    sim_write(var, sim_read(var) - 1);
    sim_condvar_broadcast(library->changed);
    return sim_mutex_unlock(library->mutex);
}

static enum sim_status read_book(struct sim *sim, void *arg)
{
    struct library *library = arg;

    sim_mutex_lock(library->mutex);
    SIM_TRY(wait_while(library, library->writing));
    sim_write(library->readers, sim_read(library->readers) + 1);
    SIM_TRY(sim_mutex_unlock(library->mutex));
    sim_print(sim, "read edition %lld", (long long)sim_read(library->book));
    return leave(library, library->readers);
}

static enum sim_status write_book(struct sim *sim, void *arg)
{
    struct library *library = arg;

    (void)sim;
    sim_mutex_lock(library->mutex);
    SIM_TRY(library->right ? wait_for_both(library) : wait_one_by_one(library));
    sim_write(library->writing, sim_read(library->writing) + 1);
    SIM_TRY(sim_mutex_unlock(library->mutex));
    sim_write(library->book, sim_read(library->book) + 1);
    return leave(library, library->writing);
}

static enum sim_status open_library(struct sim *sim, const int64_t *params, bool right)
{
    size_t reading = (size_t)params[0];
    size_t count = reading + (size_t)params[1];
    struct sim_thread **threads = sim_alloc(sim, count * sizeof(struct sim_thread *));
    struct library library = {
        .mutex = sim_mutex_new(sim, "mutex"),
        .changed = sim_condvar_new(sim, "changed"),
        .readers = sim_var_new(sim, "readers", 0),
        .writing = sim_var_new(sim, "writing", 0),
        .book = sim_var_new(sim, "book", 0),
        .right = right,
    };

    for (size_t i = 0; i < count; i++) {
        bool reads = i < reading;
        size_t number = reads ? i + 1 : i - reading + 1;
        const char *name = sim_format(sim, "%s %zu", reads ? "reader" : "writer", number);

        threads[i] = sim_thread_new(sim, name, reads ? read_book : write_book, &library);
    }
    for (size_t i = 0; i < count; i++)
        SIM_TRY(sim_thread_join(threads[i], NULL));
    return SIM_OK;
}

static enum sim_status run(struct sim *sim, void *arg)
{
    return open_library(sim, arg, false);
}

static enum sim_status run_fixed(struct sim *sim, void *arg)
{
    return open_library(sim, arg, true);
}

const struct sim_scenario readers_writers = {
    .name = "readers_writers",
    .title = "A reader-writer lock that lets two writers in",
    .about = "A writer that awaits two conditions one after the other enters when only the second "
             "still holds. Two writers that wait for the same reader both go in, and one edition "
             "of the book is lost.",
    .main = run,
    .contained = true,
    .async = false,
    .expect = SIM_CLEAN,
    .expect_any = SIM_FINDING_LOST_UPDATE,
    .params = {{"readers", 1, 0, 100, "how many threads read"},
               {"writers", 2, 1, 100, "how many threads write"}},
};

const struct sim_scenario readers_writers_fixed = {
    .name = "readers_writers_fixed",
    .title = "A reader-writer lock that awaits both conditions at once",
    .about = "One loop tests all that must hold, again after each wait: what was true before a "
             "wait may be false after it.",
    .main = run_fixed,
    .contained = true,
    .async = false,
    .expect = SIM_CLEAN,
    .expect_any = SIM_CLEAN,
    .params = {{"readers", 1, 0, 100, "how many threads read"},
               {"writers", 2, 1, 100, "how many threads write"}},
};
