/* Waiting for a command. */
#include "scenarios/scenarios.h"
#include "sim/sim.h"

static enum sim_status run(struct sim *sim, void *arg)
{
    static const char *const command[] = {"ls", "-l", NULL};
    struct sim_process *process;
    int code = 0;

    static const char *const names[] = {"Algo.ipynb", "AsyncIO.ipynb", "SOLID.ipynb",
                                        "poetry.lock"};

    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
        sim_file_create(sim, names[i], "some text");

    (void)arg;
    SIM_TRY(sim_subprocess_exec(sim, command, NULL, &process));
    SIM_TRY(sim_process_wait(process, &code));
    sim_print(sim, "exit code %d", code);
    return SIM_OK;
}

const struct sim_scenario subprocess_wait = {
    .name = "subprocess_wait",
    .title = "Waiting for a command",
    .about = "wait returns the exit code once the command has ended.",
    .main = run,
    .async = true,
    .expect = SIM_CLEAN,
    .expect_any = SIM_CLEAN,
};
