#include "cli/minimal.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/fate.h"
#include "sim/base/file.h"
#include "sim/explore/emit.h"
#include "sim/explore/order_run.h"
#include "sim/explore/shrink.h"
#include "sim/explore/shrink_swap.h"
#include "sim/trace/words.h"

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

    (void)words_actor(trace->registry, step->actor, event.actor);
    if (step->object != 0 && step->object != step->actor)
        (void)registry_name(trace->registry, step->object, event.object);
    /* What nobody in the program does has a name of its own. */
    if (step->actor == 0 && (step->kind == SIM_EV_CANCEL || step->kind == SIM_EV_FIRE))
        (void)fprintf(stderr, "the %s of %s",
                      step->kind == SIM_EV_CANCEL ? "cancellation" : "deadline", event.object);
    else
        (void)fputs(order_event_format(&event, text), stderr);
    (void)fprintf(stderr, " at step %u", step->step);
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

/* Write a test to a file.  Returns false after a message on standard error. */
static bool emit(struct emit_request *request, const char *path, bool fixed)
{
    char error[512];

    if (path == NULL)
        return true;
    request->fixed = fixed;
    char *text = emit_test(request, error, sizeof(error));
    bool ok = text != NULL && file_replace(path, text, strlen(text), error, sizeof(error));

    free(text);
    if (!ok)
        cli_error("%s", error);
    return ok;
}

static bool emit_all(const struct cli_options *options, const struct run_request *run,
                     enum sim_finding_kind kind, const struct trace *trace,
                     const struct order_spec *spec)
{
    struct schedule schedule = trace->schedule; /* only read */
    struct lab lab;
    bool ok = lab_init(&lab, run, false) && lab_run(&lab, lab_by_position, &schedule);

    if (!ok) {
        cli_error("out of memory");
        lab_free(&lab);
        return false;
    }
    struct shrink_size size = shrink_measure(lab.choices, lab.choice_count);
    char *order = spec->pair_count == 0 ? NULL : order_spec_format(spec);
    struct emit_request request = {.run = run,
                                   .trace = trace,
                                   .kind = kind,
                                   .order = order,
                                   .max_preemptions = (int)size.preemptions};

    ok = spec->pair_count == 0 || order != NULL;
    if (!ok)
        cli_error("out of memory");
    ok = ok && emit(&request, options->emit_test, false) &&
         emit(&request, options->emit_test_fixed, true);
    free(order);
    lab_free(&lab);
    return ok;
}

static bool say_swap(const struct run_request *request, const struct shrink_target *target,
                     const struct trace *trace)
{
    struct swap_report swap;
    bool ok = swap_find(request, &trace->schedule, target, &swap);

    if (ok)
        print_swap(trace, &swap);
    else
        cli_error("out of memory");
    swap_report_free(&swap);
    return ok;
}

bool minimal_explain(const struct cli_options *options, const struct run_request *request,
                     enum sim_finding_kind kind, const struct trace *trace,
                     struct fate_curve *curve)
{
    struct shrink_target target;
    struct order_spec spec = {0};
    bool emits = options->emit_test != NULL || options->emit_test_fixed != NULL;
    bool ok = true;
    size_t i = 0;

    while (i < trace->finding_count && trace->findings[i].kind != kind)
        i++;
    if (i == trace->finding_count)
        return true;
    shrink_target_of(&target, trace->registry, &trace->findings[i]);
    bool named =
        !(options->no_shrink && !emits) && order_explain(request, &trace->schedule, &target, &spec);

    if (named && !options->no_shrink)
        print_constraints(&spec);
    if (!options->no_shrink)
        ok = say_swap(request, &target, trace);
    if (!named)
        order_spec_free(&spec);
    if (ok && emits)
        ok = emit_all(options, request, kind, trace, &spec);
    if (ok && options->fate)
        ok = fate_print(request, &target, trace, stderr, curve);
    order_spec_free(&spec);
    return ok;
}
