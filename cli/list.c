#include <stdio.h>
#include <string.h>

#include "cli/commands.h"
#include "cli/options.h"
#include "scenarios/scenarios.h"

/* The length of the first sentence of what a scenario teaches. */
static int lesson_length(const char *about)
{
    const char *end = strstr(about, ". ");

    return (int)(end == NULL ? strlen(about) : (size_t)(end - about) + 1);
}

int command_list(int argc, char **argv)
{
    int width = 0;

    if (argc > 0) {
        cli_error("list takes no argument, and '%s' is one", argv[0]);
        return CLI_USAGE;
    }
    for (size_t i = 0; scenarios[i] != NULL; i++) {
        int length = (int)strlen(scenarios[i]->name);

        width = length > width ? length : width;
    }
    for (size_t i = 0; scenarios[i] != NULL; i++)
        (void)printf("%-*s  %.*s\n", width, scenarios[i]->name, lesson_length(scenarios[i]->about),
                     scenarios[i]->about);
    return CLI_CLEAN;
}
