#include "cli/map.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/report.h"
#include "cli/verdict.h"
#include "render/map.h"

bool map_check(const struct cli_options *options)
{
    if (options->map == NULL || strcmp(options->map, "-") == 0 ||
        map_format_of(options->map) != MAP_UNKNOWN)
        return true;
    cli_error("--map: '%s' ends in none of .txt, .json, .png, .svg, and is not - (text on standard "
              "output)",
              options->map);
    return false;
}

/* The command line that runs the program once, without what chooses; to be freed.  NULL when out of
 * memory. */
static char *command_of(const struct outcome *outcome)
{
    struct trace *run = trace_new();
    char *line = NULL;

    if (run == NULL)
        return NULL;
    (void)snprintf(run->program, sizeof(run->program), "%s", outcome->program);
    (void)snprintf(run->params, sizeof(run->params), "%s", outcome->params);
    (void)snprintf(run->level, sizeof(run->level), "%s", outcome->level);
    (void)snprintf(run->time, sizeof(run->time), "%s", outcome->time);
    (void)snprintf(run->cancel, sizeof(run->cancel), "%s", outcome->cancel);
    run->early = (uint32_t)outcome->early;
    line = report_replay_line(run);
    trace_free(run);
    return line;
}

bool map_write(const struct cli_options *options, const struct outcome *outcome,
               const char *stopped)
{
    char error[512] = "out of memory";

    if (options->map == NULL)
        return true;
    if (outcome->map == NULL) {
        cli_error("--map: these reports have no map: their searches were run without --map");
        return false;
    }
    map_sort(outcome->map);
    char *command = command_of(outcome);
    char *verdict = verdict_line(outcome, stopped);
    struct map_report report = {.map = outcome->map,
                                .program = outcome->program,
                                .command = command,
                                .verdict = verdict,
                                .exhausted = outcome->report.verdict == EXPLORE_EXHAUSTED};
    struct render_options picture = report_picture(options, NULL);
    bool ok = command != NULL && verdict != NULL && !outcome->map->out_of_memory;

    if (ok && strcmp(options->map, "-") == 0) {
        ok = render_map_text(&report, stdout);
        (void)fflush(stdout);
    } else if (ok) {
        ok = render_map(&report, &picture, options->map, error, sizeof(error));
    }
    free(command);
    free(verdict);
    if (!ok)
        cli_error("%s", error);
    return ok;
}
