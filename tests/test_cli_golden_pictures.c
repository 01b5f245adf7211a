/* The picture of every scenario is the same, pixel for pixel, on every machine with the same
 * versions of cairo, pixman, FreeType and libdeflate.
 *
 * golden/pictures.txt holds a line for each: a hash of the PNG, light and dark, and one of the SVG,
 * which depends on none of them and so is compared everywhere.  golden/svg has a few whole, so that
 * a change that is meant can be read.  Run this program with PICKGLASS_RECORD=1 in the environment
 * to record them, and look at what has changed. */
#include "tests/test.h"

#include <cairo.h>
#include <dlfcn.h>
#include <ft2build.h>
#include FT_FREETYPE_H
#include <inttypes.h>
#include <libdeflate.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/options.h"
#include "cli/report.h"
#include "scenarios/scenarios.h"
#include "sim/base/file.h"
#include "sim/explore/run.h"
#include "sim/trace/trace.h"

enum { TASKS = 8 };

#define TABLE PICKGLASS_SOURCE_DIR "/tests/golden/pictures.txt"

/* Of each kind of picture, small ones: races of tasks and threads, what is stuck, what was taken
 * and not given back, waiting in time, processes; those of docs/gallery are compared whole, too. */
static const char *const shown[] = {"counter_race",
                                    "counter_race_threads",
                                    "deadlock_abba",
                                    "condition_wait_for",
                                    "deadlock_self",
                                    "deadlock_abandoned",
                                    "lost_wakeup",
                                    "main_ends_early",
                                    "queue_join",
                                    "coroutine_never_awaited",
                                    "blocking_sequence",
                                    "priority_inversion",
                                    "on_call",
                                    "doorbell",
                                    "early_return",
                                    "mutex_across_await",
                                    "download_slots",
                                    "cancel_swallowed",
                                    "timeout_tie",
                                    "subprocess_echo",
                                    NULL};

/* FNV-1a. */
static uint64_t hash(const unsigned char *bytes, size_t length)
{
    uint64_t sum = UINT64_C(0xcbf29ce484222325);

    for (size_t i = 0; i < length; i++)
        sum = (sum ^ bytes[i]) * UINT64_C(0x100000001b3);
    return sum;
}

static struct trace *record(const struct sim_scenario *scenario)
{
    struct run_request request;
    char error[256] = "";

    run_request_init(&request, scenario);
    if (strcmp(scenario->name, "counter_race") == 0 || strcmp(scenario->name, "counter_lock") == 0)
        request.params[0] = TASKS;
    struct trace *trace = run_record(&request, error, sizeof(error));

    if (trace == NULL)
        fail_msg("%s: %s", scenario->name, error);
    return trace;
}

/* As the program draws it, with the options that it has when none is given. */
static struct render_options picture_options(const struct sim_scenario *scenario,
                                             enum render_theme theme, const char *replay)
{
    struct cli_options options;
    char name[64];
    char *argv[] = {name, NULL};

    (void)snprintf(name, sizeof(name), "%s", scenario->name);
    assert_true(cli_parse(&options, "run", CLI_PICTURE, 1, argv));
    struct render_options picture = report_picture(&options, replay);

    picture.theme = theme;
    return picture;
}

static uint64_t hash_png(const struct trace *trace, const struct render_options *picture)
{
    unsigned char *bytes = NULL;
    size_t length = 0;
    char error[256] = "";

    if (!render_png_memory(trace, picture, &bytes, &length, error, sizeof(error)))
        fail_msg("%s", error);
    uint64_t sum = hash(bytes, length);

    free(bytes);
    return sum;
}

static bool file_holds(const char *path, const unsigned char *bytes, size_t length)
{
    FILE *file = fopen(path, "rb");
    bool same = file != NULL;

    for (size_t i = 0; same && i < length; i++)
        same = getc(file) == bytes[i];
    same = same && getc(file) == EOF;
    if (file != NULL)
        (void)fclose(file);
    return same;
}

/* Compare the SVG with the stored one, if this is one that is stored.  Returns its hash. */
static uint64_t check_svg(const char *name, const struct trace *trace,
                          const struct render_options *picture, bool recording, int *differing)
{
    unsigned char *bytes = NULL;
    size_t length = 0;
    char error[256] = "";
    char path[512];

    if (!render_svg_memory(trace, picture, &bytes, &length, error, sizeof(error)))
        fail_msg("%s", error);
    for (int i = 0; shown[i] != NULL; i++) {
        if (strcmp(shown[i], name) != 0)
            continue;
        (void)snprintf(path, sizeof(path), "%s/tests/golden/svg/%s.svg", PICKGLASS_SOURCE_DIR,
                       name);
        if (recording && !file_replace(path, (char *)bytes, length, error, sizeof(error)))
            fail_msg("%s", error);
        if (!file_holds(path, bytes, length)) {
            print_error("%s differs\n", path);
            ++*differing;
        }
    }
    uint64_t sum = hash(bytes, length);

    free(bytes);
    return sum;
}

static void write_line(FILE *out, const struct sim_scenario *scenario, bool recording,
                       int *differing)
{
    struct trace *trace = record(scenario);
    char *replay = report_replay_line(trace);
    struct render_options light = picture_options(scenario, RENDER_LIGHT, replay);
    struct render_options dark = picture_options(scenario, RENDER_DARK, replay);

    (void)fprintf(out, "%s %016" PRIx64 " %016" PRIx64 " %016" PRIx64 "\n", scenario->name,
                  hash_png(trace, &light), hash_png(trace, &dark),
                  check_svg(scenario->name, trace, &light, recording, differing));
    free(replay);
    trace_free(trace);
}

/* What pixels and bytes of a PNG depend on, beside this program. */
static void write_versions(FILE *out)
{
    FT_Library library = NULL;
    int major = 0;
    int minor = 0;
    int patch = 0;
    const char *(*pixman)(void) = NULL;
    void *symbol = dlsym(RTLD_DEFAULT, "pixman_version_string"); /* cairo has loaded it */

    memcpy(&pixman, &symbol, sizeof(pixman));
    assert_int_equal(FT_Init_FreeType(&library), 0);
    FT_Library_Version(library, &major, &minor, &patch);
    (void)FT_Done_FreeType(library);
    (void)fprintf(out, "# PNGs: cairo %s, pixman %s, FreeType %d.%d.%d, libdeflate %s\n",
                  cairo_version_string(), pixman == NULL ? "?" : pixman(), major, minor, patch,
                  LIBDEFLATE_VERSION_STRING);
}

/* Whether golden has the line; of one about pictures, if PNGs are not to be compared, whether it
 * has one of the same name and with the same SVG. */
static bool has_line(const char *golden, const char *line, bool with_png)
{
    char whole[256];
    size_t name = strcspn(line, " ");
    const char *svg = strrchr(line, ' ');

    (void)snprintf(whole, sizeof(whole), "\n%s\n", line);
    if (strstr(golden, whole) != NULL)
        return true;
    if (with_png || line[0] == '#')
        return false;
    (void)snprintf(whole, sizeof(whole), "\n%.*s ", (int)name, line);
    const char *found = strstr(golden, whole);

    return found != NULL && svg != NULL &&
           strncmp(found + 1 + strcspn(found + 1, "\n") - strlen(svg), svg, strlen(svg)) == 0;
}

/* Lines of text that are not in golden.  PNGs count only where they were drawn by the same
 * libraries. */
static int print_differences(const char *golden, char *text)
{
    char *save = NULL;
    char *versions = strtok_r(text, "\n", &save);
    bool with_png = has_line(golden, versions, true);
    int differing = 0;

    if (!with_png)
        print_message("PNGs are not compared, for these are other libraries: %s\n", versions + 2);
    for (char *line = strtok_r(NULL, "\n", &save); line != NULL;
         line = strtok_r(NULL, "\n", &save)) {
        if (has_line(golden, line, with_png))
            continue;
        print_error("not as recorded: %s\n", line);
        differing++;
    }
    return differing;
}

static void pictures_are_as_recorded(void **state)
{
    bool recording = getenv("PICKGLASS_RECORD") != NULL;
    char *text = NULL;
    size_t length = 0;
    char golden[1 << 16] = "\n";
    char error[256];
    int differing = 0;
    FILE *out = open_memstream(&text, &length);

    (void)state;
    assert_non_null(out);
    write_versions(out);
    (void)fputs("# scenario, PNG light, PNG dark, SVG\n", out);
    for (int i = 0; scenarios[i] != NULL; i++)
        write_line(out, scenarios[i], recording, &differing);
    (void)fclose(out);
    if (recording && !file_replace(TABLE, text, length, error, sizeof(error)))
        fail_msg("%s", error);
    FILE *in = fopen(TABLE, "rb");

    assert_non_null(in);
    golden[1 + fread(golden + 1, 1, sizeof(golden) - 2, in)] = '\0';
    (void)fclose(in);
    differing += print_differences(golden, text);
    free(text);
    if (differing > 0)
        fail_msg("%d pictures differ", differing);
}

/* Lines are told apart, and pictures by other libraries are compared by their SVG. */
static void differences_are_found(void **state)
{
    static const char golden[] = "\n# PNGs: cairo 1\n# scenario\na 11 12 13\nb 21 22 23\n";
    char same[] = "# PNGs: cairo 1\n# scenario\na 11 12 13\nb 21 22 23\n";
    char pixels[] = "# PNGs: cairo 1\n# scenario\na 11 99 13\nb 21 22 23\n";
    char elsewhere[] = "# PNGs: cairo 2\n# scenario\na 99 99 13\nb 21 22 23\n";
    char svg[] = "# PNGs: cairo 2\n# scenario\na 99 99 13\nb 21 22 99\n";
    char unknown[] = "# PNGs: cairo 2\n# scenario\nc 11 12 13\n";

    (void)state;
    assert_int_equal(print_differences(golden, same), 0);
    assert_int_equal(print_differences(golden, pixels), 1);
    assert_int_equal(print_differences(golden, elsewhere), 0);
    assert_int_equal(print_differences(golden, svg), 1);
    assert_int_equal(print_differences(golden, unknown), 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(differences_are_found),
        cmocka_unit_test(pictures_are_as_recorded),
    };

    return cmocka_run_group_tests_name("golden pictures", tests, NULL, NULL);
}
