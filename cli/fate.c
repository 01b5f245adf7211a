#include "cli/fate.h"

#include <inttypes.h>
#include <string.h>

#include "cli/options.h"
#include "cli/words.h"
#include "sim/explore/fate.h"

enum { BAR = 25 };

static void print_point(const struct trace *trace, const struct fate_point *point, FILE *out)
{
    char who[REGISTRY_NAME_MAX];
    char bar[BAR + 1] = "";
    char error[32] = "";
    size_t length = (size_t)(point->share * BAR + 0.5);

    memset(bar, '#', length);
    if (!point->exact)
        (void)snprintf(error, sizeof(error), "+- %.1f", 100 * point->error);
    (void)fprintf(out, "  %6u  %5.1f %% %-7s  %-*s  ", point->choices, 100 * point->share, error,
                  BAR, bar);
    if (point->count == 0)
        (void)fputs("the beginning\n", out);
    else if (point->actor == 0)
        (void)fprintf(out, "option %u of %u, after step %u\n", point->taken, point->count,
                      point->step);
    else
        (void)fprintf(out, "%s goes on, after step %u\n", words_actor(trace, point->actor, who),
                      point->step);
}

static void print_turn(const struct trace *trace, const struct fate_report *report, FILE *out)
{
    char who[REGISTRY_NAME_MAX];

    if (report->rise > 0) {
        const struct fate_point *after = &report->points[report->rise];

        (void)fprintf(out, "it turns when %s goes on after step %u: from %.1f %% to %.1f %%\n",
                      words_actor(trace, after->actor, who), after->step,
                      100 * report->points[report->rise - 1].share, 100 * after->share);
    }
    if (report->no_return == report->count)
        return;
    const struct fate_point *point = &report->points[report->no_return];

    if (point->choices == 0)
        (void)fputs("from the beginning on", out);
    else
        (void)fprintf(out, "from choice %u on", point->choices);
    (void)fprintf(out, " it %s\n",
                  point->exact ? "could not be escaped" : "was not escaped in any of the runs");
}

bool fate_print(const struct run_request *request, const struct schedule *schedule,
                const struct shrink_target *target, const struct trace *trace, FILE *out)
{
    struct fate_report report;
    bool ok = fate_measure(request, schedule, target, 0, 0, request->seed, &report);

    if (ok) {
        (void)fprintf(out, "\nfate: how many of the continuations end so (%" PRIu64 " run)\n",
                      report.runs);
        (void)fprintf(out, "  %6s  %-15s  %-*s  %s\n", "choice", "share", BAR, "", "then");
        for (size_t i = 0; i < report.count; i++)
            print_point(trace, &report.points[i], out);
        print_turn(trace, &report, out);
    } else {
        cli_error("out of memory");
    }
    fate_report_free(&report);
    return ok;
}
