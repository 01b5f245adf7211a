#include "cli/again.h"

#include <string.h>

#include "cli/options.h"

bool again_request(const struct trace *trace, struct run_request *request)
{
    struct cli_options options = {.subject = trace->program};
    char params[TRACE_META_MAX];
    char *save = NULL;

    memcpy(params, trace->params, sizeof(params));
    for (char *word = strtok_r(params, " ", &save); word != NULL; word = strtok_r(NULL, " ", &save))
        if (options.param_count < CLI_PARAMS_MAX)
            options.params[options.param_count++] = word;
    options.level = strcmp(trace->level, "any") == 0 ? SIM_LEVEL_ANY : SIM_LEVEL_FIFO;
    options.level_given = true;
    if (!cli_request(&options, request))
        return false;
    return true;
}
