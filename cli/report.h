/* Report: what is said of a run, and the files that it leaves. */
#ifndef CLI_REPORT_H
#define CLI_REPORT_H

#include "cli/fate.h"
#include "cli/options.h"
#include "render/render.h"

/* A sink that prints the program's lines to standard output; with times, each behind its virtual
 * time
 * ("[5.000] "). */
struct printer {
    struct sink sink; /* first */
    const struct registry *registry;
    bool times;
};

void printer_init(struct printer *printer, bool times);

/* The command line that shows this run again, or for a program that is no scenario the line of its
 * unit test that does; to be freed, NULL when out of memory. */
char *report_replay_line(const struct trace *trace);

/* Explain the run on standard error.  Returns CLI_CLEAN or CLI_FOUND; CLI_USAGE, after a message,
 * when out of memory. */
int report_print(const struct trace *trace);

/* Draw as the options say.  replay and the strings of options are borrowed. */
struct render_options report_picture(const struct cli_options *options, const char *replay);

/* Whether the run has what --only and --steps ask for.  Returns false after a message on standard
 * error. */
bool report_has_part(const struct trace *trace, const struct cli_options *options);

/* Write the files that the options name.  curve, which may be NULL, is drawn, too.  Returns false
 * after a message on standard error. */
bool report_write(const struct trace *trace, const struct cli_options *options,
                  const struct fate_curve *curve);

#endif
