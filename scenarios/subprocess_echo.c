/* A command that outlives its program. */
#include "scenarios/scenarios.h"
#include "sim/sim.h"

static enum sim_status run(struct sim *sim, void *arg)
{
    static const char *const command[] = {"echo", "Hello World", NULL};
    struct sim_process *process;

    (void)arg;
    SIM_TRY(sim_subprocess_exec(sim, command, NULL, &process));
    sim_print(sim, "subprocess: <Process %d>", (int)sim_process_pid(process));
    return SIM_OK;
}

const struct sim_scenario subprocess_echo = {
    .name = "subprocess_echo",
    .title = "A command that outlives its program",
    .about = "main ends at once and does not wait; the command it has started writes its line all "
             "the same.",
    .main = run,
    .async = true,
    .expect = SIM_CLEAN,
    .expect_any = SIM_CLEAN,
};
