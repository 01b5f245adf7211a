/* Findings: a test that is itself a program, and that the detectors watch: they find what the test
 * is about, or no error at all. */
#ifndef TESTS_FINDINGS_H
#define TESTS_FINDINGS_H

#include "tests/body.h"

#include "sim/detect/detect.h"

struct watched {
    sim_body_fn main;
    enum sim_outcome (*run)(struct sim *sim, sim_body_fn main, void *arg);
    const char *words; /* of the finding; NULL: there is no error */
    enum sim_finding_kind kind;
};

/* Rows of a table of tests, named after main, which is the body of the first thread (IN_THREAD) or
 * a task on a loop.  FINDS: exactly one finding of this kind, which says these words. */
#define QUIET(main) WATCHED(main, sim_run_async, NULL, SIM_FINDING_CHECK)
#define FINDS(main, kind, words) WATCHED(main, sim_run_async, words, kind)
#define QUIET_IN_THREAD(main) WATCHED(main, sim_run, NULL, SIM_FINDING_CHECK)
#define FINDS_IN_THREAD(main, kind, words) WATCHED(main, sim_run, words, kind)
#define WATCHED(main, run, words, kind)                                                            \
    {                                                                                              \
#main, watched_passes, NULL, NULL, &(struct watched)                                       \
        {                                                                                          \
            (main), (run), (words), (kind)                                                         \
        }                                                                                          \
    }

static inline void expect_findings(const struct watched *watched, struct detectors *detectors)
{
    size_t count = 0;
    const struct sim_finding *findings = detectors_findings(detectors, &count);
    int errors = 0;
    int found = 0;

    for (size_t i = 0; i < count; i++) {
        if (watched->words != NULL && findings[i].kind == watched->kind &&
            strstr(findings[i].sentence, watched->words) != NULL) {
            found += 1 + (int)findings[i].also;
        } else if (sim_finding_is_error(findings[i].kind) || findings[i].kind == watched->kind) {
            print_error("%s\n", findings[i].sentence);
            errors++;
        }
    }
    assert_int_equal(found, watched->words != NULL);
    assert_int_equal(errors, 0);
}

static inline void watched_passes(void **state)
{
    const struct watched *watched = *state;
    struct claims claims = {.sink = {.begin = claims_begin, .event = claims_event}};
    struct detectors *detectors = detectors_new();
    struct sim *sim = sim_new(NULL);

    assert_non_null(sim);
    assert_non_null(detectors);
    assert_true(sim_add_sink(sim, &claims.sink));
    assert_true(sim_add_sink(sim, detectors_sink(detectors)));
    enum sim_outcome outcome = watched->run(sim, watched->main, NULL);

    assert_string_equal(sim_outcome_name(outcome), "finished");
    assert_int_equal(claims.failed, 0);
    expect_findings(watched, detectors);
    sim_free(sim);
    detectors_free(detectors);
}

#endif
