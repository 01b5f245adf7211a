/* The report of every scenario as text is what golden/text holds; run this program with
 * PICKGLASS_RECORD=1 in the environment to record it, and read what has changed. */
#include "tests/test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/report.h"
#include "render/text.h"
#include "scenarios/scenarios.h"
#include "sim/base/file.h"
#include "sim/explore/run.h"
#include "sim/trace/trace.h"

static struct trace *record(const struct sim_scenario *scenario, enum run_policy policy,
                            uint64_t seed)
{
    struct run_request request;
    char error[256] = "";

    run_request_init(&request, scenario);
    request.policy = policy;
    request.seed = seed;
    if (strcmp(scenario->name, "counter_race") == 0 || strcmp(scenario->name, "counter_lock") == 0)
        request.params[0] = 40;
    struct trace *trace = run_record(&request, error, sizeof(error));

    if (trace == NULL)
        fail_msg("%s: %s", scenario->name, error);
    return trace;
}

/* To be freed. */
static char *text_of(const struct trace *trace, int width, bool ascii)
{
    char *text = NULL;
    size_t length = 0;
    char *replay = report_replay_line(trace);
    struct render_options options = {.width = width, .replay = replay};
    FILE *out = open_memstream(&text, &length);

    assert_non_null(out);
    assert_true(render_text(trace, &options, ascii, out));
    assert_int_equal(fclose(out), 0);
    free(replay);
    return text;
}

static char *read_file(const char *path)
{
    FILE *in = fopen(path, "rb");
    char *text = calloc(1, 1 << 16);

    assert_non_null(text);
    if (in != NULL) {
        (void)fread(text, 1, (1 << 16) - 1, in);
        (void)fclose(in);
    }
    return text;
}

static void text_is_as_recorded(void **state)
{
    bool recording = getenv("PICKGLASS_RECORD") != NULL;
    int differing = 0;

    (void)state;
    for (int i = 0; scenarios[i] != NULL; i++) {
        struct trace *trace = record(scenarios[i], RUN_FIFO, 0);
        char *text = text_of(trace, 100, false);
        char path[512];
        char error[256];

        (void)snprintf(path, sizeof(path), "%s/tests/golden/text/%s.txt", PICKGLASS_SOURCE_DIR,
                       scenarios[i]->name);
        if (recording && !file_replace(path, text, strlen(text), error, sizeof(error)))
            fail_msg("%s", error);
        char *golden = read_file(path);

        if (strcmp(golden, text) != 0) {
            print_error("%s: recorded\n%s\nbut drawn now\n%s\n", path, golden, text);
            differing++;
        }
        free(golden);
        free(text);
        trace_free(trace);
    }
    assert_int_equal(differing, 0);
}

static void check_lines(char *text, int width, bool ascii)
{
    char *save = NULL;

    for (char *line = strtok_r(text, "\n", &save); line != NULL;
         line = strtok_r(NULL, "\n", &save)) {
        int length = 0;

        for (const char *at = line; *at != '\0'; at++) {
            assert_true(!ascii || (*at >= ' ' && *at <= '~'));
            length += ((unsigned char)*at & 0xC0) != 0x80;
        }
        /* What is there to be copied is not broken. */
        if (length > width && strncmp(line, "replay: ", 8) != 0)
            fail_msg("%d characters: %s", length, line);
        assert_true(line[strlen(line) - 1] != ' ');
    }
}

static void lines_keep_to_their_width(void **state)
{
    static const int widths[] = {RENDER_TEXT_LEAST, 61, 80, RENDER_TEXT_MOST};

    (void)state;
    for (int i = 0; scenarios[i] != NULL; i++) {
        for (uint64_t seed = 0; seed < 4; seed++) {
            struct trace *trace = record(scenarios[i], RUN_RANDOM, seed);

            for (int k = 0; k < 8; k++) {
                char *text = text_of(trace, widths[k / 2], k % 2 == 0);

                check_lines(text, widths[k / 2], k % 2 == 0);
                free(text);
            }
            trace_free(trace);
        }
    }
}

/* Both alphabets say the same: the lines are as long, and blank in the same places. */
static void ascii_has_the_same_shape(void **state)
{
    struct trace *trace = record(&deadlock_abba, RUN_FIFO, 0);
    char *unicode = text_of(trace, 100, false);
    char *ascii = text_of(trace, 100, true);
    const char *a = ascii;

    (void)state;
    for (const char *u = unicode; *u != '\0'; u++) {
        if (((unsigned char)*u & 0xC0) == 0x80)
            continue;
        assert_true((*u == ' ') == (*a == ' '));
        assert_true((*u == '\n') == (*a == '\n'));
        a++;
    }
    assert_true(*a == '\0');
    free(unicode);
    free(ascii);
    trace_free(trace);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(text_is_as_recorded),
        cmocka_unit_test(lines_keep_to_their_width),
        cmocka_unit_test(ascii_has_the_same_shape),
    };

    return cmocka_run_group_tests_name("golden text", tests, NULL, NULL);
}
