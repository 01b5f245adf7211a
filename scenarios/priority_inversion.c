/* The Mars Pathfinder, 1997: of three threads on one processor, the most important waits for the
 * least important, which the one between keeps from running. */
#include "scenarios/scenarios.h"
#include "sim/sim.h"

enum { LOW = 10, MIDDLE = 20, HIGH = 30, MAIN = 40 };

struct probe {
    struct sim_mutex *bus;
    struct sim_var *data; /* guarded by bus */
    struct sim_var *picture;
    int64_t lines;
};

/* Rarely, and not urgent: it writes its data to the bus, which takes a while. */
static enum sim_status measure_weather(struct sim *sim, void *arg)
{
    struct probe *probe = arg;

    sim_mutex_lock(probe->bus);
    sim_thread_sleep(sim, 2 * SIM_MS);
    sim_write(probe->data, sim_read(probe->data) + 1);
    return sim_mutex_unlock(probe->bus);
}

/* It has nothing to do with the bus, and a lot to do. */
static enum sim_status send_pictures(struct sim *sim, void *arg)
{
    struct probe *probe = arg;

    sim_thread_sleep(sim, 2 * SIM_MS);
    for (int64_t i = 0; i < probe->lines; i++)
        sim_write(probe->picture, i);
    return SIM_OK;
}

/* It must be done in time, or a watchdog resets the probe. */
static enum sim_status move_data(struct sim *sim, void *arg)
{
    struct probe *probe = arg;

    sim_thread_sleep(sim, 1 * SIM_MS);
    sim_mutex_lock(probe->bus);
    sim_write(probe->data, 0);
    return sim_mutex_unlock(probe->bus);
}

static enum sim_status start(struct sim *sim, const char *name, sim_body_fn body, int priority,
                             struct sim_thread **thread, struct probe *probe)
{
    *thread = sim_thread_new(sim, name, body, probe);
    return sim_thread_set_priority(*thread, priority);
}

static enum sim_status fly(struct sim *sim, const int64_t *params, enum sim_mutex_protocol protocol)
{
    struct sim_thread *threads[3];
    struct probe probe = {.bus = sim_mutex_new(sim, "bus"),
                          .data = sim_var_new(sim, "data", 0),
                          .picture = sim_var_new(sim, "picture", 0),
                          .lines = params[0]};

    sim_use_priorities(sim);
    SIM_TRY(sim_thread_set_priority(sim_thread_self(sim), MAIN));
    SIM_TRY(sim_mutex_set_protocol(probe.bus, protocol, 0));
    SIM_TRY(start(sim, "weather", measure_weather, LOW, &threads[0], &probe));
    SIM_TRY(start(sim, "pictures", send_pictures, MIDDLE, &threads[1], &probe));
    SIM_TRY(start(sim, "bus manager", move_data, HIGH, &threads[2], &probe));
    for (int i = 0; i < 3; i++)
        SIM_TRY(sim_thread_join(threads[i], NULL));
    return SIM_OK;
}

static enum sim_status run(struct sim *sim, void *arg)
{
    return fly(sim, arg, SIM_MUTEX_NONE);
}

static enum sim_status run_fixed(struct sim *sim, void *arg)
{
    return fly(sim, arg, SIM_MUTEX_INHERIT);
}

const struct sim_scenario priority_inversion = {
    .name = "priority_inversion",
    .title = "The important one waits for the one in the middle",
    .about =
        "The bus manager waits for a mutex of the weather thread, which is ready to go on; but "
        "sending pictures is more important than the weather, and takes the processor. So the "
        "most important thread waits for one that it shares nothing with.",
    .main = run,
    .contained = true,
    .async = false,
    .expect = SIM_FINDING_PRIORITY_INVERSION,
    .expect_any = SIM_FINDING_PRIORITY_INVERSION,
    .params = {{"lines", 3, 1, 1000000, "of the picture that is sent"}},
};

const struct sim_scenario priority_inversion_fixed = {
    .name = "priority_inversion_fixed",
    .title = "The mutex lends its holder the priority of who waits",
    .about = "With priority inheritance the weather thread counts as much as the bus manager as "
             "long as that waits for it: pictures have to wait, and the bus is soon free.",
    .main = run_fixed,
    .contained = true,
    .async = false,
    .expect = SIM_CLEAN,
    .expect_any = SIM_CLEAN,
    .params = {{"lines", 3, 1, 1000000, "of the picture that is sent"}},
};
