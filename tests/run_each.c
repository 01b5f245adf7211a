/* run_each FOLDER SCENARIO...: run scenarios as "pickglass run" does, each in a process of its own.
 *
 * For Valgrind, which takes longer to start than most scenarios take to run: a process that begins
 * as a copy of this one has the start behind it, and yet finds nothing that another run left.
 * Valgrind shall write FOLDER/%p.log; the output and the trace of each run are there, too. */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cli/commands.h"
#include "scenarios/scenarios.h"

enum { NAME_SIZE = 64, PATH_SIZE = 512 };

/* Fewer than usual, for time. */
enum { TASKS = 200 };

static bool takes_tasks(const struct sim_scenario *scenario)
{
    const struct sim_param *params = scenario->params;

    for (int i = 0; i < SIM_PARAMS_MAX && params[i].name != NULL; i++)
        if (strcmp(params[i].name, "tasks") == 0)
            return params[i].min <= TASKS && TASKS <= params[i].max;
    return false;
}

static int run(const struct sim_scenario *scenario, char *output, char *trace)
{
    char name[NAME_SIZE];
    char to[] = "--trace";
    char with[] = "-p";
    char tasks[16];
    char *argv[] = {name, to, trace, with, tasks, NULL};

    if (freopen(output, "w", stdout) == NULL || dup2(STDOUT_FILENO, STDERR_FILENO) < 0)
        return EXIT_FAILURE;
    (void)snprintf(name, sizeof(name), "%s", scenario->name);
    (void)snprintf(tasks, sizeof(tasks), "tasks=%d", TASKS);
    return command_run(takes_tasks(scenario) ? 5 : 3, argv);
}

static void print_file(const char *path)
{
    char line[PATH_SIZE];
    FILE *file = fopen(path, "r");

    while (file != NULL && fgets(line, sizeof(line), file) != NULL)
        (void)fputs(line, stdout);
    if (file != NULL)
        (void)fclose(file);
}

/* What a run finds is not the question here, so both 0 and 1 are good answers of it, if there is a
 * trace. */
static bool clean(const char *folder, const char *name)
{
    char output[PATH_SIZE];
    char trace[PATH_SIZE];
    char log[PATH_SIZE];
    struct stat written;
    int status = 0;
    const struct sim_scenario *scenario = scenario_find(name);

    (void)snprintf(output, sizeof(output), "%s/%s.out", folder, name);
    (void)snprintf(trace, sizeof(trace), "%s/%s.trace", folder, name);
    (void)fflush(stdout);
    pid_t process = scenario == NULL ? -1 : fork();

    if (process == 0)
        exit(run(scenario, output, trace));
    if (process < 0 || waitpid(process, &status, 0) != process) {
        printf("FAILED: run %s: it cannot be started\n", name);
        return false;
    }
    if (WIFEXITED(status) && WEXITSTATUS(status) <= 1 && stat(trace, &written) == 0 &&
        written.st_size > 0) {
        printf("clean: run %s\n", name);
        return true;
    }
    printf("FAILED: run %s: %s %d\n", name, WIFEXITED(status) ? "exit status" : "signal",
           WIFEXITED(status) ? WEXITSTATUS(status) : WTERMSIG(status));
    (void)snprintf(log, sizeof(log), "%s/%d.log", folder, (int)process);
    print_file(output);
    print_file(log);
    return false;
}

int main(int argc, char **argv)
{
    int failed = argc < 3;

    for (int i = 2; i < argc; i++)
        failed |= !clean(argv[1], argv[i]);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
