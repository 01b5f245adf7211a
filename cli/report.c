#include "cli/report.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/source.h"
#include "scenarios/scenarios.h"
#include "sim/detect/explain.h"
#include "sim/trace/file.h"

static void begin(struct sink *sink, const struct registry *registry)
{
    ((struct printer *)sink)->registry = registry;
}

static void print(struct sink *sink, const struct sim_event *event)
{
    const struct printer *printer = (const struct printer *)sink;

    if (event->kind != SIM_EV_PRINT)
        return;
    if (printer->times)
        (void)printf("[%" PRId64 ".%03" PRId64 "] ", event->time_ns / SIM_SECOND,
                     event->time_ns % SIM_SECOND / SIM_MS);
    (void)puts(registry_text_at(printer->registry, (uint32_t)event->value));
}

void printer_init(struct printer *printer, bool times)
{
    *printer = (struct printer){.sink = {.begin = begin, .event = print}, .times = times};
}

/* What was free to be chosen, as options of the command, where it is not the usual. */
static void put_freedom(FILE *out, const struct trace *trace)
{
    const struct sim_scenario *scenario = scenario_find(trace->program);
    const char *cancel = trace->cancel[0] != '\0'   ? trace->cancel
                         : scenario->cancel != NULL ? "none"
                                                    : NULL;

    if (strcmp(trace->level, "fifo") != 0 || scenario->level != SIM_LEVEL_FIFO)
        (void)fprintf(out, " --level %s", trace->level);
    if (strcmp(trace->time, "late") != 0 || scenario->time != SIM_TIME_LATE)
        (void)fprintf(out, " --time %s", trace->time);
    if (trace->early != 0)
        (void)fprintf(out, " --early %u", trace->early);
    if (cancel != NULL)
        (void)fprintf(out, strchr(cancel, ' ') == NULL ? " --cancel %s" : " --cancel '%s'", cancel);
}

/* The limit that ended the run, where it is not the usual: without it, the run would go on. */
static void put_limit(FILE *out, const struct trace *trace)
{
    const struct sim_scenario *scenario = scenario_find(trace->program);
    uint32_t usual = scenario->max_steps == 0 ? SIM_MAX_STEPS_DEFAULT : scenario->max_steps;
    char size[SIZE_TEXT_MAX];

    if (trace->outcome == SIM_OUTCOME_MEMORY && trace->max_memory != 0 &&
        trace->max_memory != scenario->max_memory)
        (void)fprintf(out, " --max-memory %s", size_text(trace->max_memory, size));
    if (trace->outcome != SIM_OUTCOME_STEPS || trace->event_count == 0)
        return;
    /* The step that was one too many. */
    uint32_t steps = trace->events[trace->event_count - 1].step - 1;

    if (steps != usual)
        (void)fprintf(out, " --max-steps %" PRIu32, steps);
}

char *report_replay_line(const struct trace *trace)
{
    char *schedule = schedule_format(&trace->schedule);
    char *line = NULL;
    size_t size = 0;
    FILE *out = schedule == NULL ? NULL : open_memstream(&line, &size);
    bool whole = false;

    if (out != NULL && scenario_find(trace->program) == NULL) {
        (void)fprintf(out, "sim_check_schedule(&%s, \"%s\")", trace->program, schedule);
        whole = fclose(out) == 0;
    } else if (out != NULL) {
        char params[TRACE_META_MAX];
        char *save = NULL;

        (void)fprintf(out, "pickglass run %s", trace->program);
        memcpy(params, trace->params, sizeof(params));
        for (char *word = strtok_r(params, " ", &save); word != NULL;
             word = strtok_r(NULL, " ", &save))
            (void)fprintf(out, " -p %s", word);
        put_freedom(out, trace);
        put_limit(out, trace);
        if (trace->schedule.count > 0)
            (void)fprintf(out, " --schedule '%s'", schedule);
        whole = fclose(out) == 0;
    }
    free(schedule);
    if (whole)
        return line;
    free(line);
    return NULL;
}

/* Colour only for a person: a terminal, and NO_COLOR not set. */
static bool coloured(void)
{
    const char *no_color = getenv("NO_COLOR");

    return isatty(STDERR_FILENO) && (no_color == NULL || no_color[0] == '\0');
}

int report_print(const struct trace *trace)
{
    char *text = explain_format(trace);
    char *replay = report_replay_line(trace);
    bool found = trace->finding_count > 0;
    bool colour = coloured();

    bool whole = text != NULL && replay != NULL;

    if (!whole)
        cli_error("the machine ran out of memory for what is to be said of the run");
    else
        (void)fprintf(stderr, "%s%s%sreplay: %s\n", colour ? (found ? "\033[33m" : "\033[32m") : "",
                      text, colour ? "\033[0m" : "", replay);
    free(text);
    free(replay);
    return !whole ? CLI_USAGE : found ? CLI_FOUND : CLI_CLEAN;
}

struct render_options report_picture(const struct cli_options *options, const char *replay)
{
    int usual = cli_is_text(options) ? 100 : 960;

    return (struct render_options){
        .width = options->width == 0 ? usual : (int)options->width,
        .scale = (double)options->scale,
        .theme = options->theme != NULL && strcmp(options->theme, "dark") == 0 ? RENDER_DARK
                                                                               : RENDER_LIGHT,
        .axis = options->axis == NULL                ? RENDER_AXIS_AUTO
                : strcmp(options->axis, "time") == 0 ? RENDER_TIME
                                                     : RENDER_STEPS,
        .only = options->only,
        .only_count = options->only_count,
        .first_step = options->first_step,
        .last_step = options->last_step,
        .source_line = source_line,
        .replay = replay,
    };
}

bool report_has_part(const struct trace *trace, const struct cli_options *options)
{
    struct render_options picture = report_picture(options, NULL);
    char error[512];

    if (render_has(trace, &picture, error, sizeof(error)))
        return true;
    cli_error("%s: %s", options->subject, error);
    return false;
}

bool report_write(const struct trace *trace, const struct cli_options *options,
                  const struct fate_curve *curve)
{
    char error[512];

    if (!report_has_part(trace, options))
        return false;
    char *replay = report_replay_line(trace);
    struct render_options picture = report_picture(options, replay);

    if (curve != NULL) {
        picture.fate = curve->points;
        picture.fate_count = curve->count;
    }
    bool ok =
        (options->trace == NULL || trace_write(trace, options->trace, error, sizeof(error))) &&
        (options->png == NULL || render_png(trace, &picture, options->png, error, sizeof(error))) &&
        (options->svg == NULL || render_svg(trace, &picture, options->svg, error, sizeof(error)));

    free(replay);
    if (!ok)
        cli_error("%s", error);
    return ok;
}
