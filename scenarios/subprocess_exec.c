/* A command beside the program. */
#include "scenarios/scenarios.h"
#include "sim/sim.h"

static enum sim_status run(struct sim *sim, void *arg)
{
    static const char *const command[] = {"ls", NULL};
    struct sim_process *process;

    static const char *const names[] = {"Algo.ipynb", "AsyncIO.ipynb", "SOLID.ipynb",
                                        "poetry.lock"};

    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
        sim_file_create(sim, names[i], "some text");

    (void)arg;
    SIM_TRY(sim_subprocess_exec(sim, command, NULL, &process));
    sim_print(sim, "<Process %d>", (int)sim_process_pid(process));
    SIM_TRY(sim_sleep(sim, SIM_SECOND));
    sim_print(sim, "main is done");
    return SIM_OK;
}

const struct sim_scenario subprocess_exec = {
    .name = "subprocess_exec",
    .title = "A command beside the program",
    .about = "A subprocess runs while the program goes on. What it writes appears when it gets "
             "the processor: not before main waits for something.",
    .main = run,
    .async = true,
    .expect = SIM_CLEAN,
    .expect_any = SIM_CLEAN,
};
