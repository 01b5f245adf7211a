#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/commands.h"
#include "cli/report.h"
#include "render/chrome.h"
#include "render/dot.h"
#include "render/html.h"
#include "render/mermaid.h"
#include "render/text.h"
#include "sim/base/file.h"
#include "sim/trace/file.h"

enum { LIST_MAX = 128 };

static bool ends_with(const char *text, const char *ending)
{
    size_t length = strlen(text);
    size_t wanted = strlen(ending);

    return length > wanted && strcmp(text + length - wanted, ending) == 0;
}

static bool write_text(const struct trace *trace, const struct render_options *options, FILE *out)
{
    return render_text(trace, options, false, out);
}

static bool write_ascii(const struct trace *trace, const struct render_options *options, FILE *out)
{
    return render_text(trace, options, true, out);
}

/* A format of --format, and how the names of its files end.  What is text to be read, or the input
 * of another program, may go to standard output. */
struct format {
    const char *name;
    const char *ending; /* NULL: none of its own */
    bool (*write)(const struct trace *trace, const struct render_options *options, FILE *out);
    bool streams;
    bool picture; /* that may show a part */
    /* In place of write: what may fail for want of more than memory. */
    bool (*compose)(const struct trace *trace, const struct render_options *options, FILE *out,
                    char *error, size_t error_size);
};

static const struct format formats[] = {
    {"png", ".png", NULL, false, true, NULL},
    {"svg", ".svg", NULL, false, true, NULL},
    {"text", ".txt", write_text, true, true, NULL},
    {"ascii", NULL, write_ascii, true, true, NULL},
    {"chrome", ".json", render_chrome, true, false, NULL},
    {"dot", ".dot", render_dot, true, false, NULL},
    {"mermaid", ".mmd", render_mermaid, true, false, NULL},
    {"markdown", ".md", render_markdown, true, false, NULL},
    {"html", ".html", NULL, true, true, render_html},
};

/* "png, svg, ...", or with endings ".png, .svg, ...". */
static const char *list_formats(bool endings, char out[LIST_MAX])
{
    out[0] = '\0';
    for (size_t i = 0; i < sizeof(formats) / sizeof(formats[0]); i++) {
        const char *item = endings ? formats[i].ending : formats[i].name;
        size_t length = strlen(out);

        if (item != NULL)
            (void)snprintf(out + length, LIST_MAX - length, "%s%s", length == 0 ? "" : ", ", item);
    }
    return out;
}

/* Neither the options nor the name of the file say what to write. */
static void no_format(const struct cli_options *options)
{
    char list[LIST_MAX];

    if (options->format != NULL)
        cli_error("--format: '%s' is none of %s", options->format, list_formats(false, list));
    else if (options->target == NULL)
        cli_error("render needs -o FILE or --format text");
    else
        cli_error("%s: a picture's name ends in one of %s; or say --format", options->target,
                  list_formats(true, list));
}

/* What the options say, or else the name of the file.  NULL after a message. */
static const struct format *choose_format(struct cli_options *options)
{
    const struct format *chosen = NULL;
    const char *target = options->target;

    for (size_t i = 0; chosen == NULL && i < sizeof(formats) / sizeof(formats[0]); i++) {
        const struct format *f = &formats[i];
        bool said = options->format != NULL && strcmp(options->format, f->name) == 0;
        bool ends = options->format == NULL && target != NULL && f->ending != NULL &&
                    ends_with(target, f->ending);

        if (said || ends)
            chosen = f;
    }
    if (chosen == NULL)
        no_format(options);
    else if (target == NULL && !chosen->streams)
        cli_error("render --format %s needs -o FILE", chosen->name);
    else
        return chosen;
    return NULL;
}

static bool write_stream(const struct format *format, const struct trace *trace,
                         const struct cli_options *options, const struct fate_curve *curve)
{
    char *replay = report_replay_line(trace);
    struct render_options page = report_picture(options, replay);
    char *text = NULL;
    size_t length = 0;
    char error[512] = "out of memory";
    FILE *out = open_memstream(&text, &length);
    bool ok = out != NULL && replay != NULL;

    page.fate = curve->points;
    page.fate_count = curve->count;
    if (ok && format->compose != NULL)
        ok = format->compose(trace, &page, out, error, sizeof(error));
    else if (ok)
        ok = format->write(trace, &page, out);

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

/* Whether what --only and --steps ask for is there, and the format can leave out the rest. */
static bool has_part(const struct format *format, const struct trace *trace,
                     const struct cli_options *options)
{
    if (options->only_count == 0 && options->first_step == 0 && options->last_step == 0)
        return true;
    if (!format->picture) {
        cli_error("--only and --steps are for pictures and text, and %s holds all there is",
                  format->name);
        return false;
    }
    return report_has_part(trace, options);
}

int command_render(int argc, char **argv)
{
    struct cli_options options;
    char error[512];

    if (!cli_parse(&options, "render", CLI_TARGET | CLI_PICTURE | CLI_PART | CLI_FATE, argc, argv))
        return CLI_USAGE;
    const struct format *format = choose_format(&options);

    if (format == NULL)
        return CLI_USAGE;
    struct trace *trace = trace_read(options.subject, error, sizeof(error));

    if (trace == NULL) {
        cli_error("%s", error);
        return CLI_USAGE;
    }
    options.png = strcmp(format->name, "png") == 0 ? options.target : NULL;
    options.svg = strcmp(format->name, "svg") == 0 ? options.target : NULL;
    struct fate_curve curve = {0};
    bool ok = has_part(format, trace, &options) &&
              (!options.fate || fate_of_trace(trace, NULL, &curve)) &&
              (format->streams ? write_stream(format, trace, &options, &curve)
                               : report_write(trace, &options, &curve));

    fate_curve_free(&curve);
    trace_free(trace);
    return ok ? CLI_CLEAN : CLI_USAGE;
}
