/* A queue of generators. */
#include "scenarios/scenarios.h"
#include "sim/sim.h"

enum { GENERATORS = 2 };

static enum sim_status counter(struct sim_generator *generator, void *arg)
{
    struct sim *sim = sim_generator_sim(generator);

    (void)arg;
    for (int count = 0;; count++) {
        sim_print(sim, "%d", count);
        SIM_TRY(sim_yield(generator, sim_none(), NULL));
    }
}

static enum sim_status printer(struct sim_generator *generator, void *arg)
{
    struct sim *sim = sim_generator_sim(generator);

    (void)arg;
    for (int count = 1;; count++) {
        if (count % 3 == 0)
            sim_print(sim, "Go!");
        SIM_TRY(sim_yield(generator, sim_none(), NULL));
    }
}

static enum sim_status run(struct sim *sim, void *arg)
{
    const int64_t *params = arg;
    struct sim_generator *queue[GENERATORS] = {sim_generator_new(sim, counter, NULL),
                                               sim_generator_new(sim, printer, NULL)};

    for (int64_t turn = 0; turn < params[0]; turn++) {
        struct sim_generator *first = queue[0];

        sim_thread_sleep(sim, 500 * SIM_MS);
        SIM_TRY(sim_generator_next(first, NULL));
        for (int i = 1; i < GENERATORS; i++)
            queue[i - 1] = queue[i];
        queue[GENERATORS - 1] = first;
    }
    return SIM_OK;
}

const struct sim_scenario generator_round_robin = {
    .name = "generator_round_robin",
    .title = "A queue of generators",
    .about = "The ancestor of the event loop: take the first generator, let it run to its next "
             "yield, and put it at the end of the queue.",
    .main = run,
    .expect = SIM_CLEAN,
    .expect_any = SIM_CLEAN,
    .params = {{"turns", 100, 1, 100000, "how many turns are taken"}},
};
