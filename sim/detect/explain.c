#include "sim/detect/explain.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/trace/trace.h"

static const char *base_name(const char *path)
{
    const char *slash = strrchr(path, '/');

    return slash == NULL ? path : slash + 1;
}

static void write_finding(FILE *out, const struct trace *trace, const struct sim_finding *finding)
{
    (void)fprintf(out, "\n%s: %s\n", sim_finding_badge(finding->kind), finding->sentence);
    for (int i = 0; i < finding->step_count; i++) {
        const struct finding_step *step = &finding->steps[i];
        const struct sim_site *site = registry_site_at(trace->registry, step->site);

        (void)fprintf(out, "  %d. step %u: %s", i + 1, step->step, step->caption);
        if (site != NULL)
            (void)fprintf(out, " (%s:%d)", base_name(site->file), site->line);
        (void)fputc('\n', out);
    }
    if (finding->also > 0)
        (void)fprintf(out, "  and %u more like it\n", finding->also);
}

char *explain_format(const struct trace *trace)
{
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);
    const struct sim_event *last =
        trace->event_count == 0 ? NULL : &trace->events[trace->event_count - 1];
    int64_t ms = last == NULL ? 0 : last->time_ns / 1000000;

    if (out == NULL)
        return NULL;
    (void)fprintf(out, "%s: ", trace->program);
    if (trace->finding_count == 0)
        (void)fputs("no finding", out);
    else
        (void)fprintf(out, "%zu finding%s", trace->finding_count,
                      trace->finding_count == 1 ? "" : "s");
    (void)fprintf(out, "; %s after %u steps and %" PRId64 ".%03" PRId64 " virtual seconds\n",
                  sim_outcome_words(trace->outcome), last == NULL ? 0 : last->step, ms / 1000,
                  ms % 1000);
    for (size_t i = 0; i < trace->finding_count; i++)
        write_finding(out, trace, &trace->findings[i]);
    if (fclose(out) == 0)
        return text;
    free(text);
    return NULL;
}
