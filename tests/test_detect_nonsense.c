/* Events that no program makes, told to the detectors. */
#include "tests/test.h"

#include <stdbool.h>
#include <string.h>

#include "sim/base/prng.h"
#include "sim/base/status.h"
#include "sim/detect/detect.h"

enum {
    NONSENSE = 3000,
    FEW_IDS = SIM_OBJ_ATOMIC, /* one of each kind before it, and nobody */
    NONSENSE_EVENTS = 300,
};

/* Any kind but the last; in a few runs mostly locks. */
static uint8_t any_kind(struct prng *prng, bool locks)
{
    uint32_t kind = prng_below(prng, SIM_EVENT_COUNT);

    if (locks && prng_below(prng, 20) != 0)
        kind = prng_below(prng, 3) == 0 ? SIM_EV_RELEASE : SIM_EV_ACQUIRE;
    return (uint8_t)(kind == SIM_EV_END ? SIM_EV_SUSPEND : kind);
}

/* Events that no program makes: whoever reads a trace from a file must bear them. */
static void any_events_at_all_are_borne(void **state)
{
    struct prng prng;
    struct registry *reg = registry_new();
    struct detectors *detectors = detectors_new();
    uint64_t seen = 0;

    (void)state;
    assert_non_null(reg);
    assert_non_null(detectors);
    for (uint32_t id = 1; id <= 2 * SIM_OBJECT_COUNT; id++)
        (void)registry_add(reg, (enum sim_object_kind)(id % SIM_OBJECT_COUNT), NULL,
                           id > SIM_OBJECT_COUNT ? 1 : 0, 0);
    for (uint64_t seed = 0; seed < NONSENSE; seed++) {
        struct sink *sink = detectors_sink(detectors);
        size_t count = 0;
        uint64_t kinds = 0;
        int64_t now_ns = 0;
        uint32_t ids = seed % 2 == 0 ? FEW_IDS : 2 * SIM_OBJECT_COUNT + 1;

        prng_seed(&prng, seed);
        sink->begin(sink, reg);
        for (uint32_t i = 0; i < NONSENSE_EVENTS; i++) {
            bool last = i == NONSENSE_EVENTS - 1;

            now_ns += prng_below(&prng, 4) == 0 ? prng_below(&prng, 200000000) : 0;
            sink->event(sink,
                        &(struct sim_event){
                            .time_ns = now_ns,
                            .value = prng_below(&prng, 3) == 0 ? now_ns : prng_below(&prng, 4),
                            .step = 1 + i * 4,
                            .actor = prng_below(&prng, ids),
                            .object = prng_below(&prng, ids),
                            .kind = last ? SIM_EV_END : any_kind(&prng, seed % 4 == 0),
                            .aux = (uint8_t)prng_below(&prng, SIM_OUTCOME_COUNT),
                        });
        }
        const struct sim_finding *findings = detectors_findings(detectors, &count);

        for (size_t i = 0; i < count; i++) {
            kinds |= UINT64_C(1) << findings[i].kind;
            assert_int_not_equal(strlen(findings[i].sentence), 0);
        }
        assert_int_equal(kinds, detectors_kinds(detectors));
        seen |= kinds;
    }
    assert_true((seen >> SIM_FINDING_LEAKED_LOCK & 1) != 0);
    detectors_free(detectors);
    registry_free(reg);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(any_events_at_all_are_borne),
    };

    return cmocka_run_group_tests_name("detect_nonsense", tests, NULL, NULL);
}
