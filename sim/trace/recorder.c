#include "sim/trace/recorder.h"

#include <string.h>

#include "sim/trace/trace.h"

static void begin(struct sink *sink, const struct registry *registry)
{
    struct recorder *recorder = (struct recorder *)sink;

    recorder->registry = registry;
    sink->out_of_memory = false;
    recorder->trace->event_count = 0;
    recorder->trace->finding_count = 0;
    registry_reset(recorder->trace->registry);
}

static bool copy_registry(struct registry *to, const struct registry *from)
{
    for (uint16_t id = 1; id != 0 && id <= registry_site_count(from); id++) {
        const struct sim_site *site = registry_site_at(from, id);

        if (registry_site_copy(to, site->file, site->func, site->line) != id)
            return false;
    }
    for (uint32_t id = 1; id <= registry_count(from); id++) {
        const struct sim_object *object = registry_object(from, id);

        if (registry_add(to, object->kind, object->name, object->parent, object->site) != id)
            return false;
    }
    for (uint32_t id = 1; id <= registry_text_count(from); id++) {
        const char *text = registry_text_at(from, id);

        if (registry_text(to, text, strlen(text)) != id)
            return false;
    }
    return true;
}

static void record_all(struct sink *sink, const struct sim_event *events, size_t count)
{
    struct recorder *recorder = (struct recorder *)sink;
    struct trace *trace = recorder->trace;

    sink->out_of_memory |= !trace_add_events(trace, events, count);
    if (events[count - 1].kind != SIM_EV_END)
        return;
    sink->out_of_memory |= !copy_registry(trace->registry, recorder->registry);
    trace->outcome = sink->out_of_memory ? SIM_OUTCOME_NO_MEMORY : events[count - 1].aux;
}

static void record(struct sink *sink, const struct sim_event *event)
{
    record_all(sink, event, 1);
}

void recorder_init(struct recorder *recorder, struct trace *trace)
{
    *recorder = (struct recorder){.sink = {.begin = begin, .event = record, .events = record_all},
                                  .trace = trace};
}
