#include "cli/again.h"

#include <stdio.h>
#include <string.h>

#include "cli/options.h"
#include "sim/explore/freedom.h"

/* What was said of a run, as files tell it. */
struct said {
    const char *program;
    const char *params;
    const char *level;
    const char *time;
    const char *cancel;
    int64_t early;
    uint32_t max_steps;  /* 0: not said */
    uint64_t max_memory; /* the same */
};

static bool request_of(const struct said *said, struct run_request *request)
{
    struct cli_options options = {.subject = said->program,
                                  .early = said->early,
                                  .max_steps = said->max_steps,
                                  .max_memory = said->max_memory};
    char params[TRACE_META_MAX];
    char *save = NULL;

    (void)snprintf(params, sizeof(params), "%s", said->params);
    for (char *word = strtok_r(params, " ", &save); word != NULL; word = strtok_r(NULL, " ", &save))
        if (options.param_count < CLI_PARAMS_MAX)
            options.params[options.param_count++] = word;
    options.level_given = freedom_level_named(said->level, &options.level);
    options.time_given = freedom_time_named(said->time, &options.time);
    if (!cli_request(&options, request))
        return false;
    /* Whatever the scenario says; and here "none" is a name like others. */
    request->cancel = said->cancel[0] != '\0' ? said->cancel : NULL;
    return true;
}

bool again_request(const struct trace *trace, struct run_request *request)
{
    return request_of(&(struct said){.program = trace->program,
                                     .params = trace->params,
                                     .level = trace->level,
                                     .time = trace->time,
                                     .cancel = trace->cancel,
                                     .early = trace->early,
                                     .max_memory = trace->max_memory},
                      request);
}

bool again_search(const struct outcome *outcome, struct run_request *request)
{
    return request_of(&(struct said){.program = outcome->program,
                                     .params = outcome->params,
                                     .level = outcome->level,
                                     .time = outcome->time,
                                     .cancel = outcome->cancel,
                                     .early = outcome->early,
                                     .max_steps = outcome->max_steps,
                                     .max_memory = (uint64_t)outcome->max_memory},
                      request);
}
