/* Every asyncio scenario prints what its Python twin prints, at the same virtual times. */
#include "tests/conformance/twin.h"

#include <sys/wait.h>

#include "scenarios/scenarios.h"

static void scenarios_print_what_cpython_recorded(void **state)
{
    int differing = 0;

    (void)state;
    for (const struct sim_scenario *const *at = scenarios; *at != NULL; at++) {
        const struct sim_scenario *scenario = *at;
        int64_t params[SIM_PARAMS_MAX] = {0};

        /* Threads that race have no twin. */
        if (!scenario->async && !twin_recorded(scenario->name))
            continue;
        for (int i = 0; i < SIM_PARAMS_MAX && scenario->params[i].name != NULL; i++)
            params[i] = scenario->params[i].value;
        differing += !twin_agrees_of(scenario->async ? sim_run_async : sim_run, scenario->name,
                                     scenario->main, params);
    }
    assert_int_equal(differing, 0);
}

/* The recordings themselves, against a CPython where there is one. */
static void recordings_are_what_cpython_prints(void **state)
{
    const int skipped = 77;
    const int not_found = 127;
    char command[512];
    char line[512];

    (void)state;
    skip_if_sanitized(); /* nothing of ours runs here */
    (void)snprintf(command, sizeof(command), "python3 -B '%s/tests/conformance/run.py'",
                   PICKGLASS_SOURCE_DIR);
    FILE *python = popen(command, "r");

    assert_non_null(python);
    while (fgets(line, sizeof(line), python) != NULL)
        print_message("%s", line);
    int status = pclose(python);

    assert_true(WIFEXITED(status));
    if (WEXITSTATUS(status) == not_found)
        print_message("conformance: skipped, no python3 found\n");
    if (WEXITSTATUS(status) == skipped || WEXITSTATUS(status) == not_found)
        skip();
    assert_int_equal(WEXITSTATUS(status), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(scenarios_print_what_cpython_recorded),
        cmocka_unit_test(recordings_are_what_cpython_prints),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
