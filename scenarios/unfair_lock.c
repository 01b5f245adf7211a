/* One thread gives a mutex back and takes it again at once, while another waits for it. */
#include "scenarios/scenarios.h"
#include "sim/sim.h"

/* Each is written with the lock taken anew. */
enum { LINES = 120 };

struct journal {
    struct sim_mutex *mutex;
    struct sim_condvar *next; /* served has moved on */
    struct sim_var *lines;    /* this and the two below guarded by mutex */
    struct sim_var *tickets;  /* given out */
    struct sim_var *served;
    bool in_turn; /* who comes first is served first */
};

/* With tickets, the mutex is held only for a moment, and what it guarded is guarded by the turn. */
static enum sim_status enter(struct journal *journal)
{
    sim_mutex_lock(journal->mutex);
    if (!journal->in_turn)
        return SIM_OK;
    int64_t ticket = sim_read(journal->tickets);

    sim_write(journal->tickets, ticket + 1);
    while (sim_read(journal->served) != ticket)
        SIM_TRY(sim_condvar_wait(journal->next, journal->mutex));
    return sim_mutex_unlock(journal->mutex);
}

static enum sim_status leave(struct journal *journal)
{
    if (journal->in_turn) {
        sim_mutex_lock(journal->mutex);
        sim_write(journal->served, sim_read(journal->served) + 1);
        sim_condvar_broadcast(journal->next);
    }
    return sim_mutex_unlock(journal->mutex);
}

static enum sim_status write_lines(struct sim *sim, void *arg)
{
    struct journal *journal = arg;

    for (int64_t i = 0; i < LINES; i++) {
        SIM_TRY(enter(journal));
        sim_thread_sleep(sim, 1 * SIM_MS);
        sim_write(journal->lines, i + 1);
        SIM_TRY(leave(journal));
    }
    return SIM_OK;
}

static enum sim_status read_lines(struct sim *sim, void *arg)
{
    struct journal *journal = arg;

    SIM_TRY(enter(journal));
    sim_print(sim, "reader: %lld lines", (long long)sim_read(journal->lines));
    return leave(journal);
}

static enum sim_status keep(struct sim *sim, bool in_turn)
{
    struct journal journal = {
        .mutex = sim_mutex_new(sim, "journal lock"),
        .next = sim_condvar_new(sim, "next"),
        .lines = sim_var_new(sim, "lines", 0),
        .tickets = sim_var_new(sim, "tickets", 0),
        .served = sim_var_new(sim, "served", 0),
        .in_turn = in_turn,
    };
    struct sim_thread *threads[] = {sim_thread_new(sim, "writer", write_lines, &journal),
                                    sim_thread_new(sim, "reader", read_lines, &journal)};

    SIM_TRY(sim_thread_join(threads[0], NULL));
    return sim_thread_join(threads[1], NULL);
}

static enum sim_status run(struct sim *sim, void *arg)
{
    (void)arg;
    return keep(sim, false);
}

static enum sim_status run_fixed(struct sim *sim, void *arg)
{
    (void)arg;
    return keep(sim, true);
}

const struct sim_scenario unfair_lock = {
    .name = "unfair_lock",
    .title = "A mutex that never comes to the one who waits",
    .about = "The writer gives the mutex back and takes it again before the reader, who was woken, "
             "gets there. A mutex does not promise to be fair: with a busy thread that is always "
             "quicker, the other starves.",
    .main = run,
    .contained = true,
    .async = false,
    .expect = SIM_FINDING_STARVATION,
    .expect_any = SIM_FINDING_STARVATION,
};

const struct sim_scenario unfair_lock_fixed = {
    .name = "unfair_lock_fixed",
    .title = "A lock that is handed on in order of arrival",
    .about = "Everybody draws a ticket and waits until its number is called. The reader comes next "
             "after whoever was there before, however quick the writer is.",
    .main = run_fixed,
    .contained = true,
    .async = false,
    .expect = SIM_CLEAN,
    .expect_any = SIM_CLEAN,
};
