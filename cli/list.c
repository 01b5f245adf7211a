#include <stdio.h>

#include "cli/commands.h"
#include "cli/options.h"
#include "scenarios/scenarios.h"

int command_list(int argc, char **argv)
{
    if (argc > 0) {
        cli_error("list takes no argument, and '%s' is one", argv[0]);
        return CLI_USAGE;
    }
    for (size_t i = 0; scenarios[i] != NULL; i++)
        (void)printf("%-24s %s\n", scenarios[i]->name, scenarios[i]->title);
    return CLI_CLEAN;
}
