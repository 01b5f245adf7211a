/* pickglass: the program. */
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "cli/commands.h"
#include "cli/options.h"

static const struct {
    const char *name;
    int (*run)(int argc, char **argv);
} commands[] = {
    {"list", command_list},         {"run", command_run},         {"explore", command_explore},
    {"merge", command_merge},       {"replay", command_replay},   {"render", command_render},
    {"show", command_show},         {"explain", command_explain}, {"diff", command_diff},
    {"annotate", command_annotate}, {"help", command_help},       {"--help", command_help},
    {"-h", command_help},
};

/* Wherever it stands among the options of a command. */
static bool asks_for_help(int argc, char **argv)
{
    for (int i = 2; i < argc; i++)
        if (strcmp(argv[i], "--help") == 0 || strcmp(argv[i], "-h") == 0)
            return true;
    return false;
}

static int run(int argc, char **argv)
{
    if (argc < 2) {
        (void)fputs("usage: pickglass COMMAND ...; see 'pickglass help'\n", stderr);
        return CLI_USAGE;
    }
    if (strcmp(argv[1], "--version") == 0) {
        (void)puts("pickglass " PICKGLASS_VERSION);
        return CLI_CLEAN;
    }
    for (size_t i = 0; i < sizeof(commands) / sizeof(commands[0]); i++)
        if (strcmp(argv[1], commands[i].name) == 0)
            return asks_for_help(argc, argv)
                       ? command_help(commands[i].run != command_help, argv + 1)
                       : commands[i].run(argc - 2, argv + 2);
    cli_error("there is no command '%s'; see 'pickglass help'", argv[1]);
    return CLI_USAGE;
}

int main(int argc, char **argv)
{
    /* A reader that goes away is an unwritable output, not a death by signal. */
    (void)signal(SIGPIPE, SIG_IGN);
    int status = run(argc, argv);

    if (fflush(stdout) != 0 || ferror(stdout)) {
        cli_error("standard output: cannot write");
        return CLI_USAGE;
    }
    return status;
}
