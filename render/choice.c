/* What of a run a picture is asked to show: is it there? */
#include <stdio.h>
#include <string.h>

#include "render/report.h"

enum { LISTED_MOST = 8 };

bool report_is_named(const struct trace *trace, const struct render_options *options,
                     uint32_t actor)
{
    char name[REGISTRY_NAME_MAX];

    (void)registry_name(trace->registry, actor, name);
    for (int i = 0; i < options->only_count; i++)
        if (strcmp(options->only[i], name) == 0)
            return true;
    return false;
}

/* Say who there is, as far as anybody reads on. */
static void list_names(const struct timeline *t, char *out, size_t size)
{
    uint32_t count = t->lane_count < LISTED_MOST ? t->lane_count : LISTED_MOST;
    char name[REGISTRY_NAME_MAX];

    for (uint32_t lane = 0; lane < count; lane++) {
        size_t length = strlen(out);

        (void)snprintf(out + length, size - length, "%s%s", lane == 0 ? "" : ", ",
                       registry_name(t->trace->registry, t->lanes[lane].actor, name));
    }
    size_t length = strlen(out);

    if (count < t->lane_count)
        (void)snprintf(out + length, size - length, " and %u others", t->lane_count - count);
}

static bool has_names(const struct timeline *t, const struct render_options *options, char *error,
                      size_t error_size)
{
    for (int i = 0; i < options->only_count; i++) {
        const struct render_options one = {.only = &options->only[i], .only_count = 1};
        uint32_t lane = 0;

        while (lane < t->lane_count && !report_is_named(t->trace, &one, t->lanes[lane].actor))
            lane++;
        if (lane < t->lane_count)
            continue;
        (void)snprintf(error, error_size,
                       "no task or thread of the trace is called '%.100s'; there %s ",
                       options->only[i], t->lane_count == 1 ? "is" : "are");
        list_names(t, error, error_size);
        return false;
    }
    return true;
}

/* The last step, and so the highest number of one. */
static uint32_t last_step(const struct trace *trace)
{
    return trace->event_count == 0 ? 0 : trace->events[trace->event_count - 1].step;
}

bool render_has(const struct trace *trace, const struct render_options *options, char *error,
                size_t error_size)
{
    uint32_t last = last_step(trace);

    if (options->first_step > last || options->last_step > last) {
        (void)snprintf(error, error_size, "the trace has no step %u; its last is %u",
                       options->first_step > last ? options->first_step : options->last_step, last);
        return false;
    }
    if (options->only_count == 0)
        return true;
    struct timeline *t = timeline_new(trace);
    bool ok = t != NULL;

    if (!ok)
        (void)snprintf(error, error_size, "the picture: out of memory");
    ok = ok && has_names(t, options, error, error_size);
    timeline_free(t);
    return ok;
}
