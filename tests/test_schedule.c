/* Schedules as text: what is written is read again, and nothing malformed is. */
#include "tests/test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/base/prng.h"
#include "sim/trace/schedule.h"

static void assert_refused(const char *text, const char *expected)
{
    struct schedule schedule = {0};
    char error[128] = "";

    assert_false(schedule_parse(&schedule, text, error, sizeof(error)));
    assert_string_equal(error, expected);
    assert_int_equal(schedule.count, 0);
    schedule_free(&schedule);
}

static void what_is_wrong_is_told_with_its_column(void **state)
{
    (void)state;
    assert_refused("", "column 1: a schedule begins with 's1:'");
    assert_refused("s2:1", "column 1: a schedule begins with 's1:'");
    assert_refused("s1:1.", "column 5: expected '.' and another choice, or the end");
    assert_refused("s1:x", "column 4: expected the number of an option");
    assert_refused("s1:1*0", "column 7: expected a count from 1 to 100000000");
    assert_refused("s1:1*100000000.0", "column 17: more than 100000000 choices");
    assert_refused("s1:4294967295", "column 14: expected the number of an option");
    assert_refused("s1:99999999999999999999", "column 14: expected the number of an option");
}

/* Read it; if it can be, it is written so that it is read as the same. */
static bool read_soundly(const char *text)
{
    struct schedule schedule = {0};
    struct schedule again = {0};
    char error[128] = "";
    bool ok = schedule_parse(&schedule, text, error, sizeof(error));

    if (ok) {
        char *written = schedule_format(&schedule);

        assert_non_null(written);
        assert_true(schedule_parse(&again, written, error, sizeof(error)));
        assert_int_equal(again.count, schedule.count);
        if (again.count > 0)
            assert_memory_equal(again.choices, schedule.choices,
                                again.count * sizeof(*again.choices));
        free(written);
    } else {
        assert_memory_equal(error, "column ", 7);
    }
    schedule_free(&schedule);
    schedule_free(&again);
    return ok;
}

/* Bytes changed, doubled, dropped: read soundly or refused, many times. */
static void no_bytes_crash_the_reader(void **state)
{
    enum { ROUNDS = FIBER_ASAN ? 4000 : 20000 };
    static const char sound[] = "s1:0*12.1.0*3.2.17*2.42949.0.1*9";
    static const char bytes[] = "0123.*:s -x\xff";
    struct prng prng;
    int taken = 0;

    (void)state;
    prng_seed(&prng, 2029);
    for (int i = 0; i < ROUNDS; i++) {
        size_t size = sizeof(sound);
        char *text = malloc(2 * size);

        assert_non_null(text);
        memcpy(text, sound, size);
        for (uint32_t edits = 1 + prng_below(&prng, 3); edits > 0; edits--) {
            uint32_t at = prng_below(&prng, (uint32_t)size - 1);
            uint32_t how = prng_below(&prng, 3);

            if (how == 0) {
                text[at] = bytes[prng_below(&prng, sizeof(bytes) - 1)];
            } else if (how == 1) {
                size--;
                memmove(text + at, text + at + 1, size - at);
            } else {
                memmove(text + at + 1, text + at, size - at);
                size++;
            }
        }
        text = realloc(text, size);
        assert_non_null(text);
        taken += read_soundly(text);
        free(text);
    }
    assert_in_range(taken, ROUNDS / 10, ROUNDS * 9 / 10);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_wrong_is_told_with_its_column),
        cmocka_unit_test(no_bytes_crash_the_reader),
    };

    return cmocka_run_group_tests_name("schedule", tests, NULL, NULL);
}
