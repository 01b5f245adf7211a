#include "sim/detect/story.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

struct story story_begin(struct sim_finding *finding, enum sim_finding_kind kind,
                         const struct registry *registry)
{
    memset(finding, 0, sizeof(*finding));
    finding->kind = (uint8_t)kind;
    return (struct story){.registry = registry, .finding = finding};
}

void story_say(struct story *story, const char *format, ...)
{
    char *text = story->finding->sentence;
    size_t used = strlen(text);
    va_list args;

    va_start(args, format);
    (void)vsnprintf(text + used, FINDING_TEXT_MAX - used, format, args);
    va_end(args);
}

void story_step(struct story *story, struct moment moment, uint32_t object, const char *format, ...)
{
    struct sim_finding *finding = story->finding;
    va_list args;

    if (finding->step_count == FINDING_STEPS_MAX)
        return;
    struct finding_step *step = &finding->steps[finding->step_count++];

    *step = (struct finding_step){
        .step = moment.step, .actor = moment.actor, .object = object, .site = moment.site};
    va_start(args, format);
    (void)vsnprintf(step->caption, sizeof(step->caption), format, args);
    va_end(args);
}

void story_in_order(struct story *story)
{
    struct sim_finding *finding = story->finding;

    for (int i = 1; i < finding->step_count; i++) {
        struct finding_step step = finding->steps[i];
        int at = i;

        for (; at > 0 && finding->steps[at - 1].step > step.step; at--)
            finding->steps[at] = finding->steps[at - 1];
        finding->steps[at] = step;
    }
}

void story_edge(struct story *story, uint32_t waiter, uint32_t object, uint32_t holder)
{
    struct sim_finding *finding = story->finding;

    if (finding->edge_count < FINDING_EDGES_MAX)
        finding->edges[finding->edge_count++] =
            (struct finding_edge){.waiter = waiter, .object = object, .holder = holder};
}
