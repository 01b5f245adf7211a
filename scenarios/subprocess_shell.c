/* A command line in a shell. */
#include <string.h>

#include "scenarios/scenarios.h"
#include "sim/sim.h"

static enum sim_status run(struct sim *sim, void *arg)
{
    static const char command[] = "ls -l | cat && sleep 0.5; echo 'that is all'";
    static const struct sim_process_options options = {.out = SIM_PIPE};
    struct sim_process *process;
    struct sim_bytes out;
    int code = 0;

    static const char *const names[] = {"Algo.ipynb", "AsyncIO.ipynb", "SOLID.ipynb",
                                        "poetry.lock"};

    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
        sim_file_create(sim, names[i], "some text");

    (void)arg;
    SIM_TRY(sim_subprocess_shell(sim, command, &options, &process));
    SIM_TRY(sim_process_communicate(process, NULL, &out, NULL));
    for (const char *line = out.data; *line != '\0';) {
        size_t length = strcspn(line, "\n");

        sim_print(sim, "%.*s", (int)length, line);
        line += length + (line[length] == '\n');
    }
    (void)sim_process_returncode(process, &code);
    sim_print(sim, "exit code %d", code);
    return SIM_OK;
}

const struct sim_scenario subprocess_shell = {
    .name = "subprocess_shell",
    .title = "A command line in a shell",
    .about = "A shell takes the line apart, runs a pipeline and what comes after it; communicate "
             "reads all that it writes.",
    .main = run,
    .async = true,
    .expect = SIM_CLEAN,
    .expect_any = SIM_CLEAN,
};
