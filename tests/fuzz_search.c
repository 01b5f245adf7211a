/* A fuzzer of everything that a search reads, for clang; the first byte says which:
 *   clang -g -O1 -fsanitize=fuzzer,address,undefined -D_GNU_SOURCE -I. tests/fuzz_search.c \
 *       $(find sim -name '[a-z]*.[cS]') -o fuzz_search && ./fuzz_search
 */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "sim/base/assert.h"
#include "sim/explore/checkpoint.h"
#include "sim/explore/outcome.h"
#include "sim/policy/order_spec.h"
#include "sim/sim.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static enum sim_status nothing(struct sim *sim, void *arg)
{
    (void)sim;
    (void)arg;
    return SIM_OK;
}

static const struct sim_scenario scenario = {.name = "nothing", .main = nothing};

static void report(const char *text, size_t length)
{
    struct outcome *outcome = calloc(1, sizeof(*outcome));
    struct outcome *again = calloc(1, sizeof(*again));
    char error[512];

    SIM_ASSERT(outcome != NULL && again != NULL);
    if (outcome_parse(outcome, text, length, "input", error, sizeof(error))) {
        size_t size = 0;
        char *written = outcome_format(outcome, &size);

        SIM_ASSERT(outcome_parse(again, written, size, "again", error, sizeof(error)));
        outcome_free(again);
        outcome_free(outcome);
        free(written);
    }
    free(outcome);
    free(again);
}

static void checkpoint(enum explore_policy policy, const char *text, size_t length)
{
    struct explore_request request = {.policy = policy, .max_preemptions = -1, .max_delays = -1};
    struct explore_report found = {.worst = -1};
    struct checkpoint_state state = {.report = &found};
    struct checkpoint asked;
    char error[512];

    run_request_init(&request.run, &scenario);
    request.map = map_new();
    state.strategy = strategy_new(&request);
    SIM_ASSERT(request.map != NULL && state.strategy != NULL);
    SIM_ASSERT(checkpoint_begin(&asked, &request));
    if (checkpoint_parse(&asked, text, length, "input", &state, error, sizeof(error))) {
        size_t size = 0;
        char *written = checkpoint_format(&asked, &state, &size);

        SIM_ASSERT(written != NULL);
        free(written);
    }
    checkpoint_end(&asked);
    explore_report_free(&found);
    state.strategy->ops->free(state.strategy);
    map_free(request.map);
}

static void schedule(const char *text)
{
    struct schedule schedule = {0};
    struct schedule again = {0};
    char error[256];

    if (schedule_parse(&schedule, text, error, sizeof(error))) {
        char *written = schedule_format(&schedule);

        SIM_ASSERT(schedule_parse(&again, written, error, sizeof(error)));
        SIM_ASSERT(again.count == schedule.count);
        free(written);
    }
    schedule_free(&schedule);
    schedule_free(&again);
}

static void order(const char *text)
{
    struct order_spec spec = {0};
    struct order_spec again = {0};
    char error[2048];

    if (order_spec_parse(&spec, text, error, sizeof(error))) {
        char *written = order_spec_format(&spec);

        SIM_ASSERT(order_spec_parse(&again, written, error, sizeof(error)));
        free(written);
    }
    order_spec_free(&spec);
    order_spec_free(&again);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    enum { REPORT = EXPLORE_POLICY_COUNT, SCHEDULE, ORDER, KINDS };
    char *text = malloc(size + 1);

    SIM_ASSERT(text != NULL);
    memcpy(text, data, size);
    text[size] = '\0';
    unsigned which = size == 0 ? (unsigned)ORDER : data[0] % (unsigned)KINDS;
    const char *rest = size == 0 ? text : text + 1;
    size_t length = size == 0 ? 0 : size - 1;

    if (which == REPORT)
        report(rest, length);
    else if (which == SCHEDULE)
        schedule(rest);
    else if (which == ORDER)
        order(rest);
    else
        checkpoint((enum explore_policy)which, rest, length);
    free(text);
    return 0;
}
