#include "render/story.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const struct sim_finding *story_choose(const struct trace *trace)
{
    for (size_t i = 0; i < trace->finding_count; i++)
        if (trace->findings[i].edge_count > 0)
            return &trace->findings[i];
    return trace->finding_count > 0 ? &trace->findings[0] : NULL;
}

static const char *base_name(const char *path)
{
    const char *slash = strrchr(path, '/');

    return slash == NULL ? path : slash + 1;
}

char *story_place(const struct trace *trace, const struct finding_step *step, char out[LABEL_MAX])
{
    const struct sim_site *site = registry_site_at(trace->registry, step->site);

    out[0] = '\0';
    if (site != NULL)
        (void)snprintf(out, LABEL_MAX, " (%.80s:%d)", base_name(site->file), site->line);
    return out;
}

uint32_t story_lane(const struct timeline *timeline, const struct finding_step *step)
{
    uint32_t lane = timeline_lane(timeline, step->actor);

    return lane != UINT32_MAX ? lane : timeline_lane(timeline, step->object);
}

int story_beside(const struct timeline *timeline, const struct sim_finding *finding, int step)
{
    uint32_t lane = story_lane(timeline, &finding->steps[step]);
    int count = 0;

    for (int i = 0; i < step; i++)
        count += finding->steps[i].step == finding->steps[step].step &&
                 story_lane(timeline, &finding->steps[i]) == lane;
    return count;
}

int story_order(const struct sim_finding *finding, int order[FINDING_STEPS_MAX])
{
    for (int i = 0; i < finding->step_count; i++) {
        int at = i;

        while (at > 0 && finding->steps[order[at - 1]].step > finding->steps[i].step) {
            order[at] = order[at - 1];
            at--;
        }
        order[at] = i;
    }
    return finding->step_count;
}

static story_set bit(int step)
{
    return (story_set)(1U << step);
}

/* What an actor knows when it does a step of the story, and that it has done it from then on. */
static void tell(const struct sim_finding *f, const struct sim_event *e, story_set *known,
                 story_set before[FINDING_STEPS_MAX])
{
    story_set now = 0;

    for (int i = 0; i < f->step_count; i++)
        if (f->steps[i].step == e->step && f->steps[i].actor == e->actor)
            now |= bit(i);
    for (int i = 0; i < f->step_count; i++) {
        if ((now & bit(i)) == 0)
            continue;
        /* Of several told of one operation, those told first come first. */
        before[i] |= (story_set)((known[e->actor] & ~now) | (now & (bit(i) - 1)));
    }
    known[e->actor] |= now;
}

/* What an event carries from whom to whom.  known is by id of actor or object. */
static void carry(const struct trace *trace, const struct sim_finding *f, const struct sim_event *e,
                  story_set *known, story_set before[FINDING_STEPS_MAX])
{
    enum sim_hb hb = sim_event_hb(e->kind);
    bool gives = hb == SIM_HB_RELEASE || hb == SIM_HB_BOTH || e->kind == SIM_EV_RESULT;

    if (e->kind == SIM_EV_WAKE) {
        if (e->actor != 0)
            known[e->object] |= known[e->actor];
        if (e->value > 0 && e->value <= registry_count(trace->registry))
            known[e->object] |= known[e->value];
        return;
    }
    if (e->actor == 0)
        return;
    if (hb == SIM_HB_ACQUIRE || hb == SIM_HB_BOTH)
        known[e->actor] |= known[e->object];
    tell(f, e, known, before);
    if (gives)
        known[e->object] |= known[e->actor];
}

bool story_causes(const struct trace *trace, const struct sim_finding *finding,
                  story_set before[FINDING_STEPS_MAX])
{
    story_set *known = calloc((size_t)registry_count(trace->registry) + 1, sizeof(*known));

    memset(before, 0, FINDING_STEPS_MAX * sizeof(*before));
    if (known == NULL)
        return false;
    for (size_t i = 0; i < trace->event_count; i++) {
        carry(trace, finding, &trace->events[i], known, before);
        known[0] = 0; /* no object: nobody learns from it */
    }
    free(known);
    return true;
}

story_set story_nearest(const story_set before[FINDING_STEPS_MAX], int step)
{
    story_set nearest = before[step];

    for (int i = 0; i < FINDING_STEPS_MAX; i++)
        if ((before[step] & bit(i)) != 0)
            nearest &= (story_set)~before[i];
    return nearest;
}

int story_nodes(const struct sim_finding *finding, uint32_t nodes[2 * FINDING_EDGES_MAX])
{
    int count = 0;

    for (int i = 0; i < 2 * finding->edge_count; i++) {
        const struct finding_edge *edge = &finding->edges[i / 2];
        uint32_t id = i % 2 == 0 ? edge->waiter : edge->holder;
        bool known = false;

        for (int k = 0; k < count; k++)
            known |= nodes[k] == id;
        if (!known)
            nodes[count++] = id;
    }
    return count;
}
