#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/again.h"
#include "cli/commands.h"
#include "cli/report.h"
#include "sim/policy/drift.h"
#include "sim/trace/file.h"

static void describe(const struct trace *trace, size_t index, char *out, size_t size)
{
    char actor[REGISTRY_NAME_MAX];
    char object[REGISTRY_NAME_MAX];

    if (index >= trace->event_count) {
        (void)snprintf(out, size, "nothing: it had ended");
        return;
    }
    const struct sim_event *event = &trace->events[index];

    (void)snprintf(
        out, size, "step %u, %s: %s%s%s (value %" PRId64 ", at %" PRId64 " ns)", event->step,
        event->actor == 0 ? "the loop" : registry_name(trace->registry, event->actor, actor),
        sim_event_name(event->kind), event->object == 0 ? "" : " ",
        event->object == 0 ? "" : registry_name(trace->registry, event->object, object),
        event->value, event->time_ns);
}

/* The first event that differs; SIZE_MAX if none does. */
static size_t first_difference(const struct trace *a, const struct trace *b)
{
    size_t least = a->event_count < b->event_count ? a->event_count : b->event_count;

    for (size_t i = 0; i < least; i++)
        if (memcmp(&a->events[i], &b->events[i], sizeof(a->events[i])) != 0)
            return i;
    return a->event_count == b->event_count ? SIZE_MAX : least;
}

static int compare(const char *path, struct trace *recorded, struct trace *again)
{
    char was[512];
    char is[512];
    size_t was_size = 0;
    size_t is_size = 0;
    size_t index = first_difference(recorded, again);

    if (index != SIZE_MAX) {
        describe(recorded, index, was, sizeof(was));
        describe(again, index, is, sizeof(is));
        cli_error("%s: the replay differs first at event %zu\n  recorded: %s\n  now:      %s", path,
                  index + 1, was, is);
        return CLI_FOUND;
    }
    /* How a run was chosen is not part of what happened, nor is a limit that did not end it. */
    memcpy(again->policy, recorded->policy, sizeof(again->policy));
    again->max_memory = recorded->max_memory;
    char *was_text = trace_format(recorded, &was_size);
    char *is_text = trace_format(again, &is_size);
    bool same = was_text != NULL && is_text != NULL && was_size == is_size &&
                memcmp(was_text, is_text, was_size) == 0;

    free(was_text);
    free(is_text);
    if (!same) {
        cli_error("%s: the same events, but other names, places or findings", path);
        return CLI_FOUND;
    }
    (void)fprintf(stderr, "%s: the same run, byte for byte: %zu events, %u steps\n", path,
                  recorded->event_count,
                  recorded->event_count == 0 ? 0
                                             : recorded->events[recorded->event_count - 1].step);
    return recorded->finding_count > 0 ? CLI_FOUND : CLI_CLEAN;
}

static bool choose_drift(const struct cli_options *options, bool *stop)
{
    *stop = options->on_drift == NULL || strcmp(options->on_drift, "stop") == 0;
    if (*stop || strcmp(options->on_drift, "continue") == 0)
        return true;
    cli_error("--on-drift: '%s' is neither stop nor continue", options->on_drift);
    return false;
}

/* Say where the run has drifted, and what follows.  Returns an exit status. */
static int report_drift(const struct cli_options *options, const struct policy_drift *drift,
                        struct trace *recorded, struct trace *again)
{
    if (drift->drifts == 0)
        return compare(options->subject, recorded, again);
    cli_error("%s: the run has drifted at %s", options->subject, drift->why);
    if (drift->stop)
        (void)fputs("it was stopped there; --on-drift continue goes on as near as it can\n",
                    stderr);
    else
        (void)fprintf(stderr, "it went on, and drifted %" PRIu64 " time%s in all\n", drift->drifts,
                      drift->drifts == 1 ? "" : "s");
    return CLI_FOUND;
}

static int replay(const struct cli_options *options, struct trace *recorded)
{
    char error[512];
    struct run_request request;
    struct printer printer;
    struct policy_drift drift;
    bool stop = true;

    if (!choose_drift(options, &stop) || !again_request(recorded, &request))
        return CLI_USAGE;
    printer_init(&printer, options->times);
    policy_drift_init(&drift, recorded, stop);
    request.also = &printer.sink;
    request.policy = RUN_OWN;
    request.own = &drift.policy;
    request.own_sink = &drift.sink;
    if (options->max_steps != 0)
        request.max_steps = options->max_steps;
    if (options->max_memory != 0)
        request.max_memory = (size_t)options->max_memory;
    struct trace *again = run_record(&request, error, sizeof(error));

    (void)fflush(stdout);
    if (again == NULL) {
        cli_error("%s", error);
        return CLI_USAGE;
    }
    policy_drift_end(&drift);
    int status = report_drift(options, &drift, recorded, again);

    if (status != CLI_USAGE && !report_write(again, options, NULL))
        status = CLI_USAGE;
    trace_free(again);
    return status;
}

int command_replay(int argc, char **argv)
{
    struct cli_options options;
    char error[512];

    if (!cli_parse(&options, "replay",
                   CLI_DRIFT | CLI_OUTPUT | CLI_TIMES | CLI_PICTURE | CLI_PART | CLI_STEPS, argc,
                   argv))
        return CLI_USAGE;
    struct trace *recorded = trace_read(options.subject, error, sizeof(error));

    if (recorded == NULL) {
        cli_error("%s", error);
        return CLI_USAGE;
    }
    int status = replay(&options, recorded);

    trace_free(recorded);
    return status;
}
