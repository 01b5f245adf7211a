#include "sim/explore/check_tell.h"

#include <inttypes.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#include "sim/detect/explain.h"
#include "sim/explore/order_run.h"
#include "sim/explore/shrink.h"
#include "sim/trace/file.h"

extern char **environ;

/* Draw the trace with the program, if it can be run: the library itself knows no pictures. */
static void draw(const char *trace_path, const char *png_path)
{
    const char *program = getenv("PICKGLASS");
    char *argv[] = {NULL,         strdup("render"), strdup(trace_path),
                    strdup("-o"), strdup(png_path), NULL};
    pid_t child = 0;
    int status = 0;

    argv[0] = strdup(program == NULL ? "pickglass" : program);
    bool complete = true;

    for (int i = 0; i < 5; i++)
        complete &= argv[i] != NULL;
    if (!complete || posix_spawnp(&child, argv[0], NULL, NULL, argv, environ) != 0 ||
        waitpid(child, &status, 0) != child || status != 0)
        (void)fprintf(stderr, "no picture: '%s render' could not be run; set PICKGLASS to it\n",
                      argv[0] == NULL ? "pickglass" : argv[0]);
    else
        (void)fprintf(stderr, "picture: %s\n", png_path);
    for (int i = 0; i < 5; i++)
        free(argv[i]);
}

static void leave_files(const struct trace *trace)
{
    const char *dir = getenv("PICKGLASS_OUT");
    char path[1024];
    char picture[1024];
    char error[1280];

    if (dir == NULL || dir[0] == '\0')
        return;
    (void)snprintf(path, sizeof(path), "%s/%s.trace", dir, trace->program);
    (void)snprintf(picture, sizeof(picture), "%s/%s.png", dir, trace->program);
    if (!trace_write(trace, path, error, sizeof(error))) {
        (void)fprintf(stderr, "%s\n", error);
        return;
    }
    (void)fprintf(stderr, "trace: %s\n", path);
    draw(path, picture);
}

/* Explain a run, say how to see it again, and leave its files. */
void check_tell(const struct trace *trace)
{
    char *text = explain_format(trace);
    char *schedule = schedule_format(&trace->schedule);

    (void)fprintf(stderr, "%sreplay: sim_check_schedule(&%s, \"%s\")\n", text == NULL ? "" : text,
                  trace->program, schedule == NULL ? "?" : schedule);
    free(text);
    free(schedule);
    leave_files(trace);
}

struct trace *check_run(const struct run_request *request, const struct schedule *schedule)
{
    struct run_request again = *request;
    char error[512];

    again.policy = RUN_REPLAY;
    again.schedule = schedule;
    struct trace *trace = run_record(&again, error, sizeof(error));

    if (trace != NULL && error[0] == '\0')
        return trace;
    (void)fprintf(stderr, "%s: %s\n", request->scenario->name, error);
    trace_free(trace);
    return NULL;
}

/* Say which order of named events shows the first finding of a kind. */
static void tell_order(const struct run_request *request, const struct trace *trace, int kind)
{
    struct shrink_target target;
    struct order_spec spec = {0};
    size_t i = 0;

    while (i < trace->finding_count && trace->findings[i].kind != kind)
        i++;
    if (i == trace->finding_count)
        return;
    shrink_target_of(&target, trace->registry, &trace->findings[i]);
    if (order_explain(request, &trace->schedule, &target, &spec) && spec.pair_count > 0) {
        char *text = order_spec_format(&spec);

        (void)fprintf(stderr, "order: %s\n", text == NULL ? "?" : text);
        free(text);
    }
    order_spec_free(&spec);
}

/* Say how much smaller it has become, and whether it could be smaller still. */
static void tell_size(const struct shrink_report *small)
{
    char before[96];
    char after[96];

    (void)fprintf(stderr, "shrunk: from %s to %s; %s\n",
                  shrink_size_format(small->before, before, sizeof(before)),
                  shrink_size_format(small->after, after, sizeof(after)),
                  shrink_total(small->after) == 0 ? "it happens in the usual order"
                  : small->fewest                 ? "with fewer it does not happen"
                  : small->minimal                ? "without any one of them it does not happen"
                                                  : "cut short: fewer may do");
}

void check_tell_found(const struct run_request *request, struct explore_report *report, int kind)
{
    struct schedule *schedule = &report->kinds[kind].schedule;
    struct shrink_report small;
    char error[256];

    if (shrink(request, schedule, (enum sim_finding_kind)kind, 0, &small, error, sizeof(error))) {
        (void)schedule_copy(schedule, &small.schedule);
        tell_size(&small);
    }
    shrink_report_free(&small);
    struct trace *trace = check_run(request, schedule);

    if (trace != NULL) {
        check_tell(trace);
        tell_order(request, trace, kind);
    }
    trace_free(trace);
}
