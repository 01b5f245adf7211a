#include "sim/explore/trials.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/base/vec.h"
#include "sim/trace/event.h"

static struct trial *find(struct trials *trials, const struct trial *like)
{
    for (size_t i = 0; i < trials->count; i++)
        if (strcmp(trials->at[i].task, like->task) == 0 &&
            strcmp(trials->at[i].place, like->place) == 0)
            return &trials->at[i];
    if (!vec_reserve(&trials->at, trials->count + 1, &trials->capacity, sizeof(*trials->at)))
        return NULL;
    trials->at[trials->count] = *like;
    return &trials->at[trials->count++];
}

static void put_place(const struct sim_site *site, char *out, size_t size)
{
    if (site == NULL)
        return;
    const char *slash = strrchr(site->file, '/');

    (void)snprintf(out, size, "%.50s:%d", slash == NULL ? site->file : slash + 1, site->line);
}

static void on_event(struct sink *base, const struct sim_event *event)
{
    struct trials_sink *sink = (struct trials_sink *)base;
    struct trial like = {0};

    if (event->kind != SIM_EV_CANCEL ||
        (event->aux != SIM_CANCEL_BEGINS && event->aux != SIM_CANCEL_ENDS))
        return;
    (void)registry_name(sink->registry, event->object, like.task);
    put_place(registry_site_at(sink->registry, event->site), like.place, sizeof(like.place));
    struct trial *trial = find(sink->trials, &like);

    if (trial == NULL)
        sink->out_of_memory = true;
    else if (event->aux == SIM_CANCEL_BEGINS)
        trial->begins++;
    else
        trial->ends++;
}

static void begin(struct sink *base, const struct registry *registry)
{
    ((struct trials_sink *)base)->registry = registry;
}

void trials_sink_init(struct trials_sink *sink, struct trials *trials)
{
    *sink = (struct trials_sink){.sink = {.begin = begin, .event = on_event}, .trials = trials};
}

void trials_free(struct trials *trials)
{
    free(trials->at);
    *trials = (struct trials){0};
}
