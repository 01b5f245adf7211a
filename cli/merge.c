#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/again.h"
#include "cli/commands.h"
#include "cli/map.h"
#include "cli/verdict.h"
#include "scenarios/scenarios.h"
#include "sim/base/assert.h"

struct part {
    const char *path;
    struct outcome outcome;
};

static int by_shard(const void *a, const void *b)
{
    const struct part *const *x = a;
    const struct part *const *y = b;
    uint32_t first_x = outcome_first_shard(&(*x)->outcome);
    uint32_t first_y = outcome_first_shard(&(*y)->outcome);

    return first_x < first_y ? -1 : first_x > first_y;
}

/* Put the parts, all read, into the first of them.  Returns it; NULL after a message. */
static struct outcome *join(struct part **parts, size_t count)
{
    char error[1536];

    /* The order of the arguments makes no difference. */
    qsort(parts, count, sizeof(*parts), by_shard);
    for (size_t i = 1; i < count; i++) {
        if (!outcome_add(&parts[0]->outcome, &parts[i]->outcome, parts[i]->path, error,
                         sizeof(error))) {
            cli_error("%s", error);
            return NULL;
        }
    }
    return &parts[0]->outcome;
}

/* The program that was searched, if this is one of those that come with pickglass. */
static bool find_program(const struct outcome *outcome, struct run_request *run)
{
    return scenario_find(outcome->program) != NULL && again_search(outcome, run);
}

static int tell(const struct cli_options *options, struct outcome *outcome)
{
    struct run_request run;
    char error[512];

    if (options->report != NULL && !outcome_write(outcome, options->report, error, sizeof(error))) {
        cli_error("%s", error);
        return CLI_USAGE;
    }
    outcome_conclude(outcome);
    bool known = find_program(outcome, &run);

    const char *stopped = "a budget of time, or by hand";
    int status = verdict_tell(options, outcome, known ? &run : NULL, stopped);

    return map_write(options, outcome, stopped) ? status : CLI_USAGE;
}

static int merge(const struct cli_options *options, char **paths, size_t count)
{
    SIM_ASSERT(count > 0);
    struct part **parts = calloc(count, sizeof(struct part *));
    struct outcome *whole = NULL;
    char error[512];
    size_t have = 0;
    int status = CLI_USAGE;

    for (; parts != NULL && have < count; have++) {
        parts[have] = calloc(1, sizeof(struct part));
        if (parts[have] == NULL)
            break;
        parts[have]->path = paths[have];
        if (!outcome_read(&parts[have]->outcome, paths[have], error, sizeof(error))) {
            cli_error("%s", error);
            free(parts[have]);
            break;
        }
    }
    if (parts == NULL || (have < count && parts[have] == NULL))
        cli_error("out of memory");
    else if (have == count)
        whole = join(parts, count);
    if (whole != NULL)
        status = tell(options, whole);
    for (size_t i = 0; i < have; i++) {
        outcome_free(&parts[i]->outcome);
        free(parts[i]);
    }
    free(parts);
    return status;
}

int command_merge(int argc, char **argv)
{
    struct cli_options options;
    int files = 0;

    while (files < argc && argv[files][0] != '-')
        files++;
    if (files == 0) {
        cli_error("merge needs reports, before its options; see 'pickglass help merge'");
        return CLI_USAGE;
    }
    /* The last of the reports stands for all of them among the options. */
    int first = files - 1;

    if (!cli_parse(&options, "merge", CLI_OUTPUT | CLI_PICTURE | CLI_PART | CLI_REPORT | CLI_CI,
                   argc - first, argv + first) ||
        !map_check(&options))
        return CLI_USAGE;
    return merge(&options, argv, (size_t)files);
}
