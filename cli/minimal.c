#include "cli/minimal.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/options.h"
#include "sim/explore/order_run.h"
#include "sim/explore/shrink.h"
#include "sim/explore/shrink_swap.h"

bool minimal_shrink(const struct run_request *request, enum sim_finding_kind kind,
                    struct schedule *schedule)
{
    struct shrink_report report;
    char before[96];
    char after[96];
    char error[256];
    bool ok = shrink(request, schedule, kind, 0, &report, error, sizeof(error)) &&
              schedule_copy(schedule, &report.schedule);

    if (!ok)
        cli_error("cannot shrink the schedule: %s", error[0] == '\0' ? "out of memory" : error);
    else
        (void)fprintf(stderr, "shrunk: from %s to %s in %" PRIu64 " executions; %s\n",
                      shrink_size_format(report.before, before, sizeof(before)),
                      shrink_size_format(report.after, after, sizeof(after)), report.runs,
                      shrink_total(report.after) == 0 ? "it happens in the usual order"
                      : report.fewest                 ? "with fewer it does not happen"
                      : report.minimal                ? "without any one of them it does not happen"
                                                      : "cut short: fewer may do");
    shrink_report_free(&report);
    return ok;
}

/* "adder 1.read(counter) at step 11 (counter_race_threads.c:11)" */
static void print_step(const struct trace *trace, const struct swap_step *step)
{
    struct order_event event = {.op = step->kind, .nth = 1};
    char text[ORDER_TEXT_MAX];
    const struct sim_site *site = registry_site_at(trace->registry, step->site);

    (void)registry_name(trace->registry, step->actor, event.actor);
    if (step->object != 0 && step->object != step->actor)
        (void)registry_name(trace->registry, step->object, event.object);
    (void)fprintf(stderr, "%s at step %u", order_event_format(&event, text), step->step);
    if (site == NULL)
        return;
    const char *slash = strrchr(site->file, '/');

    (void)fprintf(stderr, " (%s:%d)", slash == NULL ? site->file : slash + 1, site->line);
}

static void print_swap(const struct trace *trace, const struct swap_report *swap)
{
    char *schedule = schedule_format(&swap->passing);
    const char *passes = swap->clean ? "the run passes" : "this finding is gone, others remain";

    if (swap->how == SWAP_NONE) {
        (void)fputs("swap: no run without this finding is near\n", stderr);
    } else if (swap->early.step == 0) {
        (void)fprintf(stderr, "swap: with one choice changed %s: %s\n", passes,
                      schedule == NULL ? "?" : schedule);
    } else {
        (void)fputs("swap: ", stderr);
        print_step(trace, &swap->early);
        (void)fputs(" comes before\n      ", stderr);
        print_step(trace, &swap->late);
        (void)fprintf(stderr, ";\n      the other way round %s: %s\n", passes,
                      schedule == NULL ? "?" : schedule);
    }
    free(schedule);
}

static void print_constraints(const struct order_spec *spec)
{
    char *text = order_spec_format(spec);

    if (spec->pair_count == 0)
        (void)fputs("order: the usual one: nothing needs to be held back\n", stderr);
    else
        (void)fprintf(stderr, "order: %s\n", text == NULL ? "?" : text);
    free(text);
}

bool minimal_explain(const struct run_request *request, enum sim_finding_kind kind,
                     const struct trace *trace)
{
    struct shrink_target target;
    struct swap_report swap = {0};
    struct order_spec spec = {0};
    size_t i = 0;

    while (i < trace->finding_count && trace->findings[i].kind != kind)
        i++;
    if (i == trace->finding_count)
        return true;
    shrink_target_of(&target, trace->registry, &trace->findings[i]);
    if (order_explain(request, &trace->schedule, &target, &spec))
        print_constraints(&spec);
    bool ok = swap_find(request, &trace->schedule, &target, &swap);

    if (ok)
        print_swap(trace, &swap);
    else
        cli_error("out of memory");
    swap_report_free(&swap);
    order_spec_free(&spec);
    return ok;
}
