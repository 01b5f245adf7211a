/* Run: one execution of a scenario, recorded and examined. */
#ifndef SIM_EXPLORE_RUN_H
#define SIM_EXPLORE_RUN_H

#include <stddef.h>

#include "sim/core/sim.h"
#include "sim/explore/scenario.h"
#include "sim/trace/schedule.h"
#include "sim/trace/sink.h"
#include "sim/trace/trace.h"

struct policy_announced;

enum run_policy {
    RUN_FIFO,
    RUN_ROUND_ROBIN,
    RUN_RANDOM,
    RUN_REPLAY, /* a schedule, which must fit from its beginning to its end */
    RUN_GUIDED, /* a schedule as far as it goes, and then FIFO: what if? */
    RUN_OWN,
};

struct run_request {
    const struct sim_scenario *scenario;
    int64_t params[SIM_PARAMS_MAX];
    enum sim_level level;
    enum sim_time time;
    uint32_t early;     /* see struct sim_config; 0: the default */
    const char *cancel; /* the same; borrowed; NULL: none */
    enum run_policy policy;
    uint64_t seed;                      /* RUN_RANDOM */
    const struct schedule *schedule;    /* RUN_REPLAY, RUN_GUIDED; borrowed */
    struct policy *own;                 /* RUN_OWN; borrowed */
    uint32_t max_steps;                 /* 0: the default */
    size_t max_memory;                  /* in bytes; the same */
    struct sink *also;                  /* told of every event, too; may be NULL */
    struct sink *own_sink;              /* the same, for the bookkeeping of the policy */
    struct policy_announced *announced; /* keeps what every choice was between; may be NULL */
};

/* Parameters, freedom and limit at the scenario's defaults, FIFO. */
void run_request_init(struct run_request *request, const struct sim_scenario *scenario);

/* Set a parameter from "name=value".  Returns false and says why in error. */
bool run_request_set(struct run_request *request, const char *assignment, char *error,
                     size_t error_size);

/* "tasks=10 n=5": the parameters that differ from their defaults; "" if none does. */
void run_request_params(const struct run_request *request, char *out, size_t size);

/* How the simulation of such a run is set up. */
struct sim_config run_config(const struct run_request *request);

/* Run it.  A replay, or a guided run, that meets other choices ends with SIM_OUTCOME_DIVERGED, and
 * error says where.
 *
 * Returns: the trace with its findings, to be freed; NULL with the reason in error. */
struct trace *run_record(const struct run_request *request, char *error, size_t error_size);

#endif
