/* Labelled: random programs that keep account of their own mistakes, run under random schedules.
 * What the detectors say of each run must be what the account says, both ways: no miss, and no
 * false alarm. */
#ifndef TESTS_LABELLED_H
#define TESTS_LABELLED_H

#include "tests/test.h"

#include <stdbool.h>
#include <stdio.h>

#include "sim/base/prng.h"
#include "sim/detect/detect.h"
#include "sim/explore/probe.h"
#include "sim/policy/pct.h"
#include "sim/policy/random.h"
#include "sim/sim.h"

/* The bit of a kind of finding. */
#define KIND(name) (UINT64_C(1) << SIM_FINDING_##name)

struct labelled {
    /* Draws its program from the seed, an int64_t that arg points to. */
    sim_body_fn main;
    /* After the run: the kinds of findings that it must have, of those that are compared. */
    uint64_t (*label)(enum sim_outcome outcome);
    uint64_t kinds; /* those that are compared; each must be in some runs and not in others */
    int programs;
    int schedules; /* of each program */
    uint32_t max_steps;
    enum sim_time time;
    bool threads;      /* main is the first thread, and not a task on a loop */
    bool exact;        /* durations are what they are */
    bool pct;          /* schedules of few changes, in which some hardly ever run */
    struct sink *also; /* told of every event, too; may be NULL */
};

struct labelled_bench {
    struct sim *sim;
    struct detectors *detectors;
    struct policy_random random;
    struct policy_pct pct;
    enum sim_level level;
    struct probe *probe;
    int seen[SIM_FINDING_COUNT];
    int runs;
};

/* Run it, ask it for its label, and then, as a search does, whom a wake-up would have helped. */
static inline uint64_t labelled_run(struct labelled_bench *bench, const struct labelled *labelled,
                                    int64_t seed, enum sim_outcome *outcome)
{
    *outcome = labelled->threads ? sim_run(bench->sim, labelled->main, &seed)
                                 : sim_run_async(bench->sim, labelled->main, &seed);
    uint64_t label = labelled->label(*outcome);

    if (*outcome == SIM_OUTCOME_STUCK) {
        const struct sim_scenario scenario = {
            .name = "labelled", .main = labelled->main, .async = !labelled->threads};
        struct run_request request = {
            .scenario = &scenario, .params = {seed}, .level = bench->level};

        probe_waiters(&bench->probe, &request, sim_schedule(bench->sim), bench->detectors);
        probe_free(bench->probe);
        bench->probe = NULL;
    }
    return label & labelled->kinds;
}

static inline void labelled_compare(struct labelled_bench *bench, const struct labelled *labelled,
                                    int64_t seed, int schedule)
{
    enum sim_outcome outcome = SIM_OUTCOME_FINISHED;
    uint64_t is = labelled_run(bench, labelled, seed, &outcome);
    uint64_t said = detectors_kinds(bench->detectors) & labelled->kinds;

    bench->runs++;
    for (unsigned kind = 0; kind < SIM_FINDING_COUNT; kind++) {
        bench->seen[kind] += (int)(is >> kind & 1);
        if (((said ^ is) >> kind & 1) == 0)
            continue;
        size_t count = 0;
        const struct sim_finding *findings = detectors_findings(bench->detectors, &count);

        for (size_t i = 0; i < count; i++)
            print_error("%s\n", findings[i].sentence);
        fail_msg("program %d, schedule %d, %s: %s is %s", (int)seed, schedule,
                 sim_outcome_name(outcome), sim_finding_name(kind),
                 (is >> kind & 1) != 0 ? "missed" : "a false alarm");
    }
}

static inline void labels_are_found(const struct labelled *labelled)
{
    struct labelled_bench bench = {.detectors = detectors_new()};

    assert_non_null(bench.detectors);
    for (int64_t seed = 1; seed <= labelled->programs; seed++) {
        struct sim_config config = {.level = seed % 2 == 0     ? SIM_LEVEL_ANY
                                             : labelled->exact ? SIM_LEVEL_FIFO
                                                               : SIM_LEVEL_TIMING,
                                    .time = labelled->time,
                                    .max_steps = labelled->max_steps};

        bench.level = config.level;
        bench.sim = sim_new(&config);
        assert_non_null(bench.sim);
        assert_true(sim_add_sink(bench.sim, detectors_sink(bench.detectors)));
        assert_true(labelled->also == NULL || sim_add_sink(bench.sim, labelled->also));
        policy_random_init(&bench.random, (uint64_t)seed, 0);
        policy_pct_init(&bench.pct, (uint64_t)seed, 2);
        sim_set_policy(bench.sim, labelled->pct ? &bench.pct.policy : &bench.random.policy);
        for (int schedule = 0; schedule < labelled->schedules; schedule++)
            labelled_compare(&bench, labelled, seed, schedule);
        policy_pct_free(&bench.pct);
        sim_free(bench.sim);
    }
    detectors_free(bench.detectors);
    /* Each happens often enough to mean something, and so does its absence. */
    for (unsigned kind = 0; kind < SIM_FINDING_COUNT; kind++)
        if ((labelled->kinds >> kind & 1) != 0 &&
            (bench.seen[kind] < bench.runs / 100 ||
             bench.seen[kind] > bench.runs - bench.runs / 100))
            fail_msg("%s: in %d of %d runs", sim_finding_name(kind), bench.seen[kind], bench.runs);
}

#endif
