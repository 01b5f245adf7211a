#include "cli/fate.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "cli/again.h"
#include "cli/options.h"
#include "sim/explore/fate.h"
#include "sim/trace/words.h"

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
        (void)fprintf(out, "%s goes on, after step %u\n",
                      words_actor(trace->registry, point->actor, who), point->step);
}

static void print_turn(const struct trace *trace, const struct fate_report *report, FILE *out)
{
    char who[REGISTRY_NAME_MAX];

    if (report->rise > 0) {
        const struct fate_point *after = &report->points[report->rise];

        (void)fprintf(out, "it turns when %s goes on after step %u: from %.1f %% to %.1f %%\n",
                      words_actor(trace->registry, after->actor, who), after->step,
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

static void print_report(const struct trace *trace, const struct fate_report *report, FILE *out)
{
    (void)fprintf(out, "\nfate: how many of the continuations end so (%" PRIu64 " run)\n",
                  report->runs);
    (void)fprintf(out, "  %6s  %-15s  %-*s  %s\n", "choice", "share", BAR, "", "then");
    for (size_t i = 0; i < report->count; i++)
        print_point(trace, &report->points[i], out);
    print_turn(trace, report, out);
}

static bool fill_curve(const struct fate_report *report, struct fate_curve *curve)
{
    curve->points = calloc(report->count + 1, sizeof(*curve->points));
    if (curve->points == NULL)
        return false;
    curve->count = report->count;
    for (size_t i = 0; i < report->count; i++)
        curve->points[i] =
            (struct render_fate){.step = report->points[i].step, .share = report->points[i].share};
    return true;
}

void fate_curve_free(struct fate_curve *curve)
{
    free(curve->points);
    *curve = (struct fate_curve){0};
}

bool fate_print(const struct run_request *request, const struct shrink_target *target,
                const struct trace *trace, FILE *out, struct fate_curve *curve)
{
    struct fate_report report;
    bool ok = fate_measure(request, &trace->schedule, target, 0, 0, request->seed, &report);

    ok = ok && (curve == NULL || fill_curve(&report, curve));
    if (!ok)
        cli_error("out of memory");
    else if (out != NULL)
        print_report(trace, &report, out);
    fate_report_free(&report);
    return ok;
}

bool fate_of_trace(const struct trace *trace, FILE *out, struct fate_curve *curve)
{
    struct run_request request;
    struct shrink_target target;

    if (trace->finding_count == 0)
        return true;
    if (!again_request(trace, &request))
        return false;
    shrink_target_of(&target, trace->registry, &trace->findings[0]);
    return fate_print(&request, &target, trace, out, curve);
}
