/* Scenario: one program to simulate, with its parameters and the outcome that it declares. */
#ifndef SIM_EXPLORE_SCENARIO_H
#define SIM_EXPLORE_SCENARIO_H

#include <stdbool.h>

#include "sim/core/sim.h"
#include "sim/trace/finding.h"

struct sim_param {
    const char *name;
    int64_t value; /* default */
    int64_t min;
    int64_t max;
    const char *about;
};

enum { SIM_PARAMS_MAX = 8 };

/* No finding: what a sound scenario declares. */
#define SIM_CLEAN (-1)

struct sim_scenario {
    const char *name;     /* as its file: "counter_race" */
    const char *title;    /* one line */
    const char *about;    /* what it teaches: a sentence or three */
    sim_body_fn main;     /* gets the values of its parameters as arg: const int64_t[] */
    bool async;           /* main is a task on a loop; else it is the first thread */
    int expect;           /* enum sim_finding_kind (the worst one) of the FIFO run, or SIM_CLEAN */
    int expect_any;       /* the same over all schedules of its kind */
    enum sim_level level; /* freedom of tasks, unless something else is asked for */
    struct sim_param params[SIM_PARAMS_MAX]; /* up to the first without a name */
    /* As in struct sim_config, unless something else is asked for. */
    enum sim_time time;
    uint32_t early;
    const char *cancel;
    uint32_t max_steps; /* 0: the default.  Of what goes on for ever. */
    size_t max_memory;  /* in bytes; 0: the default */
    /* A promise: whatever its body changes while it runs is the simulation's: its objects, memory
     * of sim_alloc, the stacks of its threads.  Then a search may go on from a saved state of the
     * simulation in place of the beginning.  What a body changes elsewhere (a static variable,
     * memory of malloc, what arg points to) would not be taken back; a search that notices ends as
     * one of a program that does not repeat itself. */
    bool contained;
};

/* The number of parameters. */
int scenario_param_count(const struct sim_scenario *scenario);

#endif
