/* Random programs print in the simulator what they print in CPython: random_programs.py runs the
 * same, operation by operation.
 *
 * With arguments: "print FIRST COUNT" writes the programs of so many seeds, and what they print;
 * "run" reads a program and prints that.  random_hunt.py uses both. */
#include "tests/conformance/program.h"

/* FNV-1a, 64 bits. */
static uint64_t digest(const char *text)
{
    uint64_t hash = UINT64_C(0xcbf29ce484222325);

    for (; *text != '\0'; text++)
        hash = (hash ^ (unsigned char)*text) * UINT64_C(0x100000001b3);
    return hash;
}

static void random_programs_print_what_cpython_recorded(void **state)
{
    char line[64];
    int differing = 0;
    uint64_t seed = 0;
    FILE *file = fopen(PICKGLASS_SOURCE_DIR "/tests/conformance/random_programs.out", "r");

    (void)state;
    assert_non_null(file);
    for (; fgets(line, sizeof(line), file) != NULL; seed++) {
        struct program program = program_make(seed);
        char *printed = twin_output(program_main, &program);
        uint64_t recorded = strtoull(line, NULL, 16);

        if (digest(printed) != recorded && differing++ < 5)
            print_error("program %d differs: python3 tests/conformance/random_hunt.py %s %d 1\n",
                        (int)seed, "TEST_CONFORMANCE_RANDOM", (int)seed);
        free(printed);
    }
    (void)fclose(file);
    assert_true(seed >= 2000);
    assert_int_equal(differing, 0);
}

static int print_programs(uint64_t first, uint64_t count)
{
    for (uint64_t seed = first; seed < first + count; seed++) {
        struct program program = program_make(seed);
        char *printed = twin_output(program_main, &program);
        struct text text = {0};

        program_write(&text, &program);
        (void)printf("program %llu\n%sprints\n%s", (unsigned long long)seed, text.bytes, printed);
        free(printed);
        free(text.bytes);
    }
    return 0;
}

static int run_program(void)
{
    char line[128];
    struct program program = {0};

    while (fgets(line, sizeof(line), stdin) != NULL)
        program_read(&program, line);
    char *printed = twin_output(program_main, &program);

    (void)fputs(printed, stdout);
    free(printed);
    return 0;
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(random_programs_print_what_cpython_recorded),
    };

    if (argc == 4 && strcmp(argv[1], "print") == 0)
        return print_programs(strtoull(argv[2], NULL, 10), strtoull(argv[3], NULL, 10));
    if (argc == 2 && strcmp(argv[1], "run") == 0)
        return run_program();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
