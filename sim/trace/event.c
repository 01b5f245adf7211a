#include "sim/trace/event.h"

struct event_row {
    const char *name;
    enum sim_hb hb;
};

static const struct event_row rows[] = {
#define EVENT_ROW(id, name, hb) [id] = {name, hb},
    SIM_EVENTS(EVENT_ROW)
#undef EVENT_ROW
};

const char *sim_event_name(unsigned kind)
{
    return kind < SIM_EVENT_COUNT ? rows[kind].name : "?";
}

enum sim_hb sim_event_hb(unsigned kind)
{
    return kind < SIM_EVENT_COUNT ? rows[kind].hb : SIM_HB_NONE;
}

const char *sim_wait_name(unsigned wait)
{
    static const char *const names[] = {
#define WAIT_NAME(id, name) [id] = name,
        SIM_WAITS(WAIT_NAME)
#undef WAIT_NAME
    };

    return wait < SIM_WAIT_COUNT ? names[wait] : "?";
}

const char *sim_outcome_name(unsigned outcome)
{
    static const char *const names[] = {
#define OUTCOME_NAME(id, name) [id] = name,
        SIM_OUTCOMES(OUTCOME_NAME)
#undef OUTCOME_NAME
    };

    return outcome < SIM_OUTCOME_COUNT ? names[outcome] : "?";
}

const char *sim_outcome_words(unsigned outcome)
{
    if (outcome == SIM_OUTCOME_STEPS)
        return "stopped by the limit on steps";
    if (outcome == SIM_OUTCOME_MEMORY)
        return "stopped by the limit on memory";
    if (outcome == SIM_OUTCOME_NO_MEMORY)
        return "ended early: the machine ran out of memory";
    if (outcome == SIM_OUTCOME_OVERFLOW)
        return "stopped by a stack overflow";
    return sim_outcome_name(outcome);
}
