#include "cli/again.h"

#include <string.h>

#include "cli/options.h"
#include "sim/explore/freedom.h"

bool again_request(const struct trace *trace, struct run_request *request)
{
    struct cli_options options = {.subject = trace->program};
    char params[TRACE_META_MAX];
    char *save = NULL;

    memcpy(params, trace->params, sizeof(params));
    for (char *word = strtok_r(params, " ", &save); word != NULL; word = strtok_r(NULL, " ", &save))
        if (options.param_count < CLI_PARAMS_MAX)
            options.params[options.param_count++] = word;
    options.level_given = freedom_level_named(trace->level, &options.level);
    options.time_given = freedom_time_named(trace->time, &options.time);
    options.early = trace->early;
    if (!cli_request(&options, request))
        return false;
    /* Whatever the scenario says; and here "none" is a name like others. */
    request->cancel = trace->cancel[0] != '\0' ? trace->cancel : NULL;
    return true;
}
