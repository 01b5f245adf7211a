/* Traces with parts of their lines changed at random: those that the reader lets pass are drawn in
 * every format without harm, and what is written is whole. */
#include "tests/test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "render/chrome.h"
#include "render/dot.h"
#include "render/html.h"
#include "render/mermaid.h"
#include "render/render.h"
#include "render/text.h"
#include "sim/base/file.h"
#include "sim/base/prng.h"
#include "sim/trace/file.h"
#include "sim/trace/trace.h"

enum { MUTANTS = 40, EDITS = 4, TEXT_MOST = 1 << 20 };

static const char *const originals[] = {
    "deadlock_abba", "counter_race_threads", "lost_wakeup",     "semaphore_requests",
    "echo_server",   "barrier_reuse",        "connection_pool", "task_group_failure"};

/* A number or a name of a line becomes another, or the line changes places with the next. */
static void edit(char *text, size_t length, struct prng *prng)
{
    static const char *const numbers[] = {"0", "1", "2", "3", "7", "9", "255", "65535"};
    size_t at = prng_below(prng, (uint32_t)length);

    while (at < length && (text[at] < '0' || text[at] > '9'))
        at++;
    const char *number = numbers[prng_below(prng, sizeof(numbers) / sizeof(numbers[0]))];

    /* In place, so that the number of bytes stays: as many digits as there are, or as fit. */
    for (size_t i = 0;
         number[i] != '\0' && at + i < length && text[at + i] >= '0' && text[at + i] <= '9'; i++)
        text[at + i] = number[i];
    if (prng_below(prng, 4) != 0)
        return;
    at = prng_below(prng, (uint32_t)length);
    while (at + 1 < length && text[at] != ' ')
        at++;
    /* Bytes of names: half a character, a wide one, or one that XML excludes. */
    static const char *const bytes[] = {"\xC3", "\xE4\xB8\xAD", "\xF0\x9F\x9A\x80", "<", "\x7F"};
    const char *name = bytes[prng_below(prng, sizeof(bytes) / sizeof(bytes[0]))];

    if (at + 5 < length && memchr(text + at + 1, '\n', 5) == NULL && text[at + 1] >= 'A')
        memcpy(text + at + 1, name, strlen(name));
}

static void draw(const struct trace *trace, const struct render_options *options)
{
    unsigned char *bytes = NULL;
    size_t length = 0;
    char error[256];

    assert_true(render_png_memory(trace, options, &bytes, &length, error, sizeof(error)));
    assert_true(length > 100 && memcmp(bytes, "\x89PNG", 4) == 0);
    free(bytes);
    assert_true(render_svg_memory(trace, options, &bytes, &length, error, sizeof(error)));
    assert_true(length > 100 && memcmp(bytes + length - 7, "</svg>\n", 7) == 0);
    free(bytes);
}

static void write_formats(const struct trace *trace, const struct render_options *options)
{
    struct render_options lines = *options;
    char *text = NULL;
    size_t length = 0;
    char error[256];
    FILE *out = open_memstream(&text, &length);

    assert_non_null(out);
    lines.width = 72;
    assert_true(render_text(trace, &lines, options->theme == RENDER_DARK, out));
    assert_true(render_chrome(trace, options, out));
    assert_true(render_dot(trace, options, out));
    (void)render_mermaid(trace, options, out);
    (void)render_markdown(trace, options, out);
    assert_true(render_html(trace, options, out, error, sizeof(error)));
    assert_int_equal(fclose(out), 0);
    assert_true(length > 500);
    free(text);
}

/* Returns whether the reader let it pass. */
static bool try(const char *original, size_t length, uint64_t seed)
{
    struct render_options options = {.width = seed % 2 == 0 ? 480 : 1000,
                                     .scale = 1,
                                     .theme = (enum render_theme)(seed / 2 % 2),
                                     .axis = (enum render_axis)(seed % 3),
                                     .tips = true,
                                     .replay = "again"};
    struct prng prng;
    char error[256];
    char *text = malloc(length + 1);

    assert_non_null(text);
    memcpy(text, original, length);
    text[length] = '\0';
    prng_seed(&prng, seed);
    for (uint32_t i = 1 + prng_below(&prng, EDITS); i > 0; i--)
        edit(text, length, &prng);
    struct trace *trace = trace_parse(text, length, "mutant", error, sizeof(error));
    bool passed = trace != NULL;

    if (passed) {
        draw(trace, &options);
        write_formats(trace, &options);
    }
    trace_free(trace);
    free(text);
    return passed;
}

static void what_the_reader_lets_pass_is_drawn(void **state)
{
    int passed = 0;
    int total = 0;

    (void)state;
    for (size_t i = 0; i < sizeof(originals) / sizeof(originals[0]); i++) {
        char path[512];
        char error[256];
        size_t length = 0;

        (void)snprintf(path, sizeof(path), "%s/tests/golden/traces/%s.trace", PICKGLASS_SOURCE_DIR,
                       originals[i]);
        char *original = file_read(path, TEXT_MOST, &length, error, sizeof(error));

        if (original == NULL)
            fail_msg("%s", error);
        for (uint64_t seed = 0; seed < MUTANTS; seed++) {
            passed += try(original, length, 1000 * i + seed);
            total++;
        }
        free(original);
    }
    print_message("%d of %d mutants are traces\n", passed, total);
    assert_true(passed > total / 8);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_the_reader_lets_pass_is_drawn),
    };

    return cmocka_run_group_tests_name("mutants", tests, NULL, NULL);
}
