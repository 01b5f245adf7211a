#include <stdlib.h>
#include <string.h>

#include "cli/commands.h"
#include "cli/report.h"
#include "sim/trace/file.h"

static bool ends_with(const char *text, const char *ending)
{
    size_t length = strlen(text);
    size_t wanted = strlen(ending);

    return length > wanted && strcmp(text + length - wanted, ending) == 0;
}

int command_render(int argc, char **argv)
{
    struct cli_options options;
    char error[512];

    if (!cli_parse(&options, "render", CLI_TARGET | CLI_PICTURE, argc, argv))
        return CLI_USAGE;
    if (options.target == NULL) {
        cli_error("render needs -o FILE.png or -o FILE.svg");
        return CLI_USAGE;
    }
    if (ends_with(options.target, ".png")) {
        options.png = options.target;
    } else if (ends_with(options.target, ".svg")) {
        options.svg = options.target;
    } else {
        cli_error("%s: a picture's name ends in .png or .svg", options.target);
        return CLI_USAGE;
    }
    struct trace *trace = trace_read(options.subject, error, sizeof(error));

    if (trace == NULL) {
        cli_error("%s", error);
        return CLI_USAGE;
    }
    bool ok = report_write(trace, &options);

    trace_free(trace);
    return ok ? CLI_CLEAN : CLI_USAGE;
}
