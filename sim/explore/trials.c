#include "sim/explore/trials.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/base/vec.h"
#include "sim/explore/outcome_lines.h"
#include "sim/trace/event.h"

static int compare(const struct trial *a, const struct trial *b)
{
    int tasks = strcmp(a->task, b->task);

    return tasks != 0 ? tasks : strcmp(a->place, b->place);
}

/* The one of the same await, which is added without counts if it is new.  NULL: out of memory. */
static struct trial *find(struct trials *trials, const struct trial *like)
{
    size_t low = 0;
    size_t high = trials->count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (compare(&trials->at[middle], like) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    if (low < trials->count && compare(&trials->at[low], like) == 0)
        return &trials->at[low];
    if (!vec_reserve(&trials->at, trials->count + 1, &trials->capacity, sizeof(*trials->at)))
        return NULL;
    memmove(&trials->at[low + 1], &trials->at[low], (trials->count - low) * sizeof(*trials->at));
    trials->count++;
    trials->at[low] = *like;
    trials->at[low].begins = 0;
    trials->at[low].ends = 0;
    return &trials->at[low];
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

    if (event->kind != SIM_EV_CANCEL ||
        (event->aux != SIM_CANCEL_BEGINS && event->aux != SIM_CANCEL_ENDS))
        return;
    sink->latest = (struct trial){.begins = event->aux == SIM_CANCEL_BEGINS,
                                  .ends = event->aux == SIM_CANCEL_ENDS};
    (void)registry_name(sink->registry, event->object, sink->latest.task);
    put_place(registry_site_at(sink->registry, event->site), sink->latest.place,
              sizeof(sink->latest.place));
}

static void begin(struct sink *base, const struct registry *registry)
{
    struct trials_sink *sink = (struct trials_sink *)base;

    sink->registry = registry;
    sink->latest = (struct trial){0};
}

bool trials_count(struct trials_sink *sink)
{
    const struct trial *latest = &sink->latest;
    struct trial *trial = latest->begins + latest->ends == 0 ? NULL : find(sink->trials, latest);

    if (trial == NULL)
        return latest->begins + latest->ends == 0;
    trial->begins += latest->begins;
    trial->ends += latest->ends;
    return true;
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

bool trials_add(struct trials *to, const struct trials *from)
{
    for (size_t i = 0; i < from->count; i++) {
        struct trial *trial = find(to, &from->at[i]);

        if (trial == NULL)
            return false;
        trial->begins += from->at[i].begins;
        trial->ends += from->at[i].ends;
    }
    return true;
}

void trials_put(const struct trials *trials, FILE *out)
{
    if (trials->count > 0)
        (void)fprintf(out, "tried %zu\n", trials->count);
    for (size_t i = 0; i < trials->count; i++) {
        const struct trial *trial = &trials->at[i];

        (void)fprintf(out, "t %" PRIu64 " %" PRIu64 "\n", trial->begins, trial->ends);
        outcome_put_line(out, "task", trial->task);
        outcome_put_line(out, "at", trial->place);
    }
}

static bool read_trial(struct trials *trials, uint64_t *left, struct reader *in)
{
    struct trial trial = {0};
    int64_t begins = 0;
    int64_t ends = 0;

    if (!reader_key(in, "t") || !reader_number(in, 0, (int64_t)*left, &begins) ||
        !reader_number(in, 0, (int64_t)*left - begins, &ends) || !reader_end(in) ||
        !reader_key(in, "task") || !reader_rest(in, trial.task, sizeof(trial.task)) ||
        !reader_key(in, "at") || !reader_rest(in, trial.place, sizeof(trial.place)))
        return false;
    if (begins + ends == 0)
        return reader_fail(in, "an await at which nothing was tried");
    if (trials->count > 0 && compare(&trials->at[trials->count - 1], &trial) >= 0)
        return reader_fail(in, "awaits are not in order");
    struct trial *added = find(trials, &trial);

    if (added == NULL)
        return reader_fail(in, "out of memory");
    added->begins = (uint64_t)begins;
    added->ends = (uint64_t)ends;
    *left -= (uint64_t)(begins + ends);
    return true;
}

bool trials_read(struct trials *trials, uint64_t most, struct reader *in)
{
    uint32_t count = 0;

    if (!reader_next_begins(in, "tried"))
        return true;
    if (!reader_key(in, "tried") || !reader_u32(in, UINT32_MAX, &count) || !reader_end(in))
        return false;
    if (count == 0)
        return reader_fail(in, "a list of no awaits");
    for (uint32_t i = 0; i < count; i++)
        if (!read_trial(trials, &most, in))
            return false;
    return true;
}
