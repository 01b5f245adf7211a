/* Feed: a program of typed events, told to the detectors, and what they make of it. */
#ifndef TESTS_FEED_H
#define TESTS_FEED_H

#include "tests/test.h"

#include <string.h>

#include "sim/base/status.h"
#include "sim/detect/detect.h"

/* The ids of its objects. */
enum { MAIN = 1, A, B, C, T1, T2, T3, X, Y, L1, L2, L3, M1, M2, COND, SEM, QUEUE, FUTURE, EVENT };

struct feed {
    struct registry *reg;
    struct detectors *detectors;
    uint32_t step;
    int64_t now_ns;
};

static inline int feed_setup(void **state)
{
    static struct feed f;
    static const struct {
        enum sim_object_kind kind;
        const char *name;
        uint32_t parent;
    } objects[] = {
        {SIM_OBJ_THREAD, "MainThread", 0},
        {SIM_OBJ_TASK, "A", MAIN},
        {SIM_OBJ_TASK, "B", MAIN},
        {SIM_OBJ_TASK, "C", MAIN},
        {SIM_OBJ_THREAD, "T1", MAIN},
        {SIM_OBJ_THREAD, "T2", MAIN},
        {SIM_OBJ_THREAD, "T3", MAIN},
        {SIM_OBJ_VAR, "x", 0},
        {SIM_OBJ_VAR, "y", 0},
        {SIM_OBJ_LOCK, "L1", 0},
        {SIM_OBJ_LOCK, "L2", 0},
        {SIM_OBJ_LOCK, "L3", 0},
        {SIM_OBJ_MUTEX, "M1", 0},
        {SIM_OBJ_MUTEX, "M2", 0},
        {SIM_OBJ_CONDITION, "cond", 0},
        {SIM_OBJ_SEMAPHORE, "sem", 0},
        {SIM_OBJ_QUEUE, "queue", 0},
        {SIM_OBJ_FUTURE, "future", 0},
        {SIM_OBJ_EVENT, "event", 0},
    };

    f = (struct feed){.reg = registry_new(), .detectors = detectors_new()};
    if (f.reg == NULL || f.detectors == NULL)
        return -1;
    for (size_t i = 0; i < sizeof(objects) / sizeof(objects[0]); i++)
        (void)registry_add(f.reg, objects[i].kind, objects[i].name, objects[i].parent, 0);
    detectors_sink(f.detectors)->begin(detectors_sink(f.detectors), f.reg);
    *state = &f;
    return 0;
}

static inline int feed_teardown(void **state)
{
    struct feed *f = *state;

    detectors_free(f->detectors);
    registry_free(f->reg);
    return 0;
}

static inline void say(struct feed *f, uint32_t actor, enum sim_event_kind kind, uint32_t object,
                       unsigned aux, int64_t value)
{
    struct sim_event event = {.time_ns = f->now_ns,
                              .step = ++f->step,
                              .actor = actor,
                              .object = object,
                              .kind = (uint8_t)kind,
                              .aux = (uint8_t)aux,
                              .value = value};
    struct sink *sink = detectors_sink(f->detectors);

    sink->event(sink, &event);
}

static inline void take(struct feed *f, uint32_t actor, uint32_t lock)
{
    say(f, actor, SIM_EV_ACQUIRE, lock, 0, 0);
}

static inline void give(struct feed *f, uint32_t actor, uint32_t lock)
{
    say(f, actor, SIM_EV_RELEASE, lock, 0, 0);
}

static inline void wait_for_lock(struct feed *f, uint32_t actor, uint32_t lock, uint32_t holder)
{
    say(f, actor, SIM_EV_BLOCK, lock, 0, holder);
    say(f, actor, SIM_EV_SUSPEND, lock, SIM_WAIT_LOCK, 0);
}

/* Give way: others may run before the next event of this actor. */
static inline void yield_once(struct feed *f, uint32_t actor)
{
    say(f, actor, SIM_EV_SUSPEND, 0, SIM_WAIT_YIELD, 0);
    say(f, actor, SIM_EV_RESUME, 0, 0, 0);
}

static inline const struct sim_finding *end(struct feed *f, enum sim_outcome outcome, size_t *count)
{
    uint64_t kinds = 0;

    say(f, MAIN, SIM_EV_END, 0, outcome, 0);
    const struct sim_finding *findings = detectors_findings(f->detectors, count);

    for (size_t i = 0; i < *count; i++)
        kinds |= UINT64_C(1) << findings[i].kind;
    assert_int_equal(detectors_kinds(f->detectors), kinds);
    return findings;
}

static inline void expect_only(struct feed *f, enum sim_outcome outcome, enum sim_finding_kind kind,
                               const char *words)
{
    size_t count = 0;
    const struct sim_finding *findings = end(f, outcome, &count);

    if (count != 1)
        for (size_t i = 0; i < count; i++)
            print_error("%s\n", findings[i].sentence);
    assert_int_equal(count, 1);
    assert_int_equal(findings[0].kind, kind);
    if (strstr(findings[0].sentence, words) == NULL)
        fail_msg("'%s' does not say '%s'", findings[0].sentence, words);
    assert_true(findings[0].step_count > 0 || kind == SIM_FINDING_LIMIT);
}

static inline void expect_clean(struct feed *f)
{
    size_t count = 0;
    const struct sim_finding *findings = end(f, SIM_OUTCOME_FINISHED, &count);

    if (count != 0)
        fail_msg("%s", findings[0].sentence);
}

#define FEED_TEST(name) cmocka_unit_test_setup_teardown(name, feed_setup, feed_teardown)

#endif
