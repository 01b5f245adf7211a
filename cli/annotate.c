/* annotate: traces as reports for continuous integration. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/ci.h"
#include "cli/commands.h"
#include "sim/trace/file.h"

/* The picture beside a trace, if there is one, to be freed; else NULL. */
static char *picture_of(const char *path)
{
    size_t length = strlen(path);
    char *picture = NULL;

    if (length < 6 || strcmp(path + length - 6, ".trace") != 0)
        return NULL;
    if (asprintf(&picture, "%.*s.png", (int)length - 6, path) < 0)
        return NULL;
    if (access(picture, R_OK) == 0)
        return picture;
    free(picture);
    return NULL;
}

/* What a case borrows. */
struct held {
    struct trace *trace;
    char *picture; /* or NULL */
};

/* Read the traces.  Returns false after a message. */
static bool read_all(char **paths, size_t count, struct held *held, struct ci_case *cases)
{
    char error[512];

    for (size_t i = 0; i < count; i++) {
        held[i].trace = trace_read(paths[i], error, sizeof(error));
        if (held[i].trace == NULL) {
            cli_error("%s", error);
            return false;
        }
        held[i].picture = picture_of(paths[i]);
        cases[i] = (struct ci_case){.command = "trace",
                                    .name = held[i].trace->program,
                                    .trace = held[i].trace,
                                    .files = {held[i].picture, NULL, paths[i]}};
    }
    return true;
}

static int annotate(const struct cli_options *options, char **paths, size_t count)
{
    struct ci_case *cases = calloc(count, sizeof(*cases));
    struct held *held = calloc(count, sizeof(*held));
    int status = CLI_USAGE;

    if (cases == NULL || held == NULL)
        cli_error("out of memory");
    else if (read_all(paths, count, held, cases) && ci_write(options, cases, count))
        status = CLI_CLEAN;
    for (size_t i = 0; held != NULL && i < count; i++) {
        trace_free(held[i].trace);
        free(held[i].picture);
    }
    free(cases);
    free(held);
    return status;
}

int command_annotate(int argc, char **argv)
{
    struct cli_options options;
    int files = 0;

    while (files < argc && argv[files][0] != '-')
        files++;
    if (files == 0) {
        cli_error("annotate needs traces, before its options; see 'pickglass help annotate'");
        return CLI_USAGE;
    }
    /* The last of the traces stands for all of them among the options. */
    if (!cli_parse(&options, "annotate", CLI_CI, argc - files + 1, argv + files - 1))
        return CLI_USAGE;
    if (options.annotate == NULL && options.junit == NULL && options.code_quality == NULL) {
        cli_error("annotate needs one of --annotate, --junit and --code-quality");
        return CLI_USAGE;
    }
    return annotate(&options, argv, (size_t)files);
}
