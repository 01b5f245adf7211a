#include "sim/explore/probe.h"

#include <stdlib.h>
#include <string.h>

#include "sim/detect/stuck.h"
#include "sim/policy/guided.h"

enum { WAITERS_MAX = 8, FORK_STEPS = 100000 };

struct probe {
    struct sink sink; /* first */
    struct sim *sim;
    struct policy_guided guided;
    uint32_t actor; /* who is woken */
    uint32_t object;
    bool woken;
    bool looked;
    uint8_t result; /* enum wake_result */
};

static void begin(struct sink *sink, const struct registry *registry)
{
    struct probe *probe = (struct probe *)sink;

    (void)registry;
    probe->woken = false;
    probe->looked = false;
    probe->result = WAKE_UNKNOWN;
}

/* To wake, to take the lock again, and to look are no answer yet; nor is to release it, which
 * waiting does, too. */
static bool is_open(const struct sim_event *event)
{
    switch (event->kind) {
    case SIM_EV_RESUME:
    case SIM_EV_PREEMPT:
    case SIM_EV_CHOICE:
    case SIM_EV_LOOK:
    case SIM_EV_WAKE:
    case SIM_EV_ACQUIRE:
    case SIM_EV_RELEASE:
    case SIM_EV_BLOCK:
    case SIM_EV_COND_WOKEN:
    case SIM_EV_READ:
    case SIM_EV_ATOMIC_LOAD:
        return true;
    case SIM_EV_SUSPEND:
        return event->aux == SIM_WAIT_LOCK;
    default:
        return false;
    }
}

static void see(struct sink *sink, const struct sim_event *event)
{
    struct probe *probe = (struct probe *)sink;

    /* The first wake-up of all in a run that was stuck: from here on it is a fork. */
    if (!probe->woken) {
        probe->woken = event->kind == SIM_EV_WAKE && event->aux == 1;
        return;
    }
    if (event->actor != probe->actor || probe->result != WAKE_UNKNOWN)
        return;
    probe->looked |= event->kind == SIM_EV_READ || event->kind == SIM_EV_ATOMIC_LOAD;
    if (is_open(event))
        return;
    bool again = event->object == probe->object &&
                 (event->kind == SIM_EV_COND_WAIT || event->kind == SIM_EV_SUSPEND);

    probe->result = again           ? WAKE_WAITS_AGAIN
                    : probe->looked ? WAKE_LOOKS_AND_GOES_ON
                                    : WAKE_GOES_ON;
}

static struct probe *probe_new(const struct run_request *request)
{
    struct sim_config config = run_config(request);
    struct probe *probe = calloc(1, sizeof(*probe));

    if (probe == NULL)
        return NULL;
    probe->sink = (struct sink){.begin = begin, .event = see, .wordless = true};
    probe->sim = sim_new(&config);
    if (probe->sim != NULL && sim_add_sink(probe->sim, &probe->sink))
        return probe;
    probe_free(probe);
    return NULL;
}

void probe_free(struct probe *probe)
{
    if (probe == NULL)
        return;
    sim_free(probe->sim);
    free(probe);
}

bool probe_waiters(struct probe **probe, const struct run_request *request,
                   const struct schedule *schedule, struct detectors *detectors)
{
    uint32_t waiters[WAITERS_MAX];
    uint32_t objects[WAITERS_MAX];
    size_t count = stuck_waiters(detectors_track(detectors), waiters, objects, WAITERS_MAX);
    const struct sim_scenario *scenario = request->scenario;
    int64_t params[SIM_PARAMS_MAX];

    if (count > 0 && *probe == NULL && (*probe = probe_new(request)) == NULL)
        return false;
    for (size_t i = 0; i < count; i++) {
        struct probe *self = *probe;

        memcpy(params, request->params, sizeof(params));
        self->actor = waiters[i];
        self->object = objects[i];
        policy_guided_init(&self->guided, schedule, NULL);
        sim_set_policy(self->sim, &self->guided.policy);
        sim_rescue(self->sim, waiters[i], FORK_STEPS);
        if ((scenario->async ? sim_run_async : sim_run)(self->sim, scenario->main, params) ==
            SIM_OUTCOME_NO_MEMORY)
            return false;
        stuck_woken(detectors_track(detectors), waiters[i], self->result);
    }
    return true;
}
