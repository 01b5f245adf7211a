#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/commands.h"
#include "cli/report.h"
#include "render/text.h"
#include "sim/base/file.h"
#include "sim/trace/file.h"

static bool ends_with(const char *text, const char *ending)
{
    size_t length = strlen(text);
    size_t wanted = strlen(ending);

    return length > wanted && strcmp(text + length - wanted, ending) == 0;
}

/* What the name of the file says, unless the options do. */
static bool choose_format(struct cli_options *options)
{
    const char *target = options->target;

    if (options->format == NULL && target != NULL)
        options->format = ends_with(target, ".png")   ? "png"
                          : ends_with(target, ".svg") ? "svg"
                          : ends_with(target, ".txt") ? "text"
                                                      : NULL;
    if (options->format == NULL) {
        cli_error(target == NULL
                      ? "render needs -o FILE or --format text"
                      : "%s: a picture's name ends in .png, .svg or .txt; or say --format",
                  target);
        return false;
    }
    if (target == NULL && !cli_is_text(options)) {
        cli_error("render --format %s needs -o FILE", options->format);
        return false;
    }
    options->png = strcmp(options->format, "png") == 0 ? target : NULL;
    options->svg = strcmp(options->format, "svg") == 0 ? target : NULL;
    return true;
}

static bool write_text(const struct trace *trace, const struct cli_options *options)
{
    char *replay = report_replay_line(trace);
    struct render_options page = report_picture(options, replay);
    char *text = NULL;
    size_t length = 0;
    char error[512] = "out of memory";
    FILE *out = open_memstream(&text, &length);
    bool ok = out != NULL && replay != NULL &&
              render_text(trace, &page, strcmp(options->format, "ascii") == 0, out);

    if (out != NULL)
        ok = fclose(out) == 0 && ok;
    if (ok && options->target != NULL)
        ok = file_replace(options->target, text, length, error, sizeof(error));
    else if (ok)
        (void)fwrite(text, 1, length, stdout); /* main asks stdout whether all went well */
    free(text);
    free(replay);
    if (!ok)
        cli_error("%s", error);
    return ok;
}

int command_render(int argc, char **argv)
{
    struct cli_options options;
    char error[512];

    if (!cli_parse(&options, "render", CLI_TARGET | CLI_PICTURE, argc, argv) ||
        !choose_format(&options))
        return CLI_USAGE;
    struct trace *trace = trace_read(options.subject, error, sizeof(error));

    if (trace == NULL) {
        cli_error("%s", error);
        return CLI_USAGE;
    }
    bool ok = cli_is_text(&options) ? write_text(trace, &options) : report_write(trace, &options);

    trace_free(trace);
    return ok ? CLI_CLEAN : CLI_USAGE;
}
