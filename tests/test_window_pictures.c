/* What the window shows is the same, pixel for pixel, on every machine with the same versions of
 * cairo and FreeType; and what is on the screen is what is painted.
 *
 * golden/window.txt holds a line for each view: a hash of its pixels.  Run this program with
 * PICKGLASS_RECORD=1 in the environment to record them, and look at what has changed. */
#include "tests/window_hands.h"

#include <cairo.h>
#include <inttypes.h>
#include <string.h>

#include "render/paint.h"
#include "scenarios/scenarios.h"
#include "sim/base/file.h"
#include "sim/base/prng.h"

enum { WIDTH = 1280, HEIGHT = 800 };

#define TABLE PICKGLASS_SOURCE_DIR "/tests/golden/window.txt"

static unsigned char *paint(const struct shown *shown)
{
    unsigned char *pixels = calloc(HEIGHT, 4 * (size_t)WIDTH);
    struct scene scene = {0};

    assert_non_null(pixels);
    view_draw(&shown->window.view, &scene);
    assert_false(scene.out_of_memory);
    assert_true(painter_paint(shown->window.painter, &scene, 1, pixels, WIDTH, HEIGHT, 4 * WIDTH));
    scene_free(&scene);
    return pixels;
}

/* FNV-1a. */
static void write_line(const struct shown *shown, const char *name, FILE *out)
{
    unsigned char *pixels = paint(shown);
    uint64_t sum = UINT64_C(0xcbf29ce484222325);

    for (size_t i = 0; i < 4 * (size_t)WIDTH * HEIGHT; i++)
        if (i % 4 != 3)
            sum = (sum ^ pixels[i]) * UINT64_C(0x100000001b3);
    free(pixels);
    (void)fprintf(out, "%s %016" PRIx64 "\n", name, sum);
}

static void write_deadlock(FILE *out)
{
    struct shown *shown = open_on(record_run(&deadlock_abba, SIM_LEVEL_FIFO));

    move(shown, 5, 5);
    write_line(shown, "deadlock", out);
    press(shown, SDLK_t, 0);
    press(shown, SDLK_i, 0);
    press(shown, SDLK_w, 0);
    press(shown, SDLK_w, 0);
    write_line(shown, "deadlock-dark-pinned-zoomed", out);
    type(shown, "?");
    write_line(shown, "help", out);
    press(shown, SDLK_ESCAPE, 0);
    type(shown, "/");
    type(shown, "lock");
    while (window_work(&shown->window))
        ;
    write_line(shown, "search", out);
    (void)close_shown((void **)&shown);
}

static void write_threads(FILE *out)
{
    struct shown *shown = open_on(record_run(&counter_race_threads, SIM_LEVEL_FIFO));

    press(shown, SDLK_HOME, 0);
    while (step_of(shown) < 7)
        press(shown, SDLK_c, 0);
    type(shown, "2");
    write_line(shown, "both-runs", out);
    press(shown, SDLK_e, 0);
    (void)window_work(&shown->window);
    assert_true(window_paint(&shown->window));
    write_line(shown, "tree", out);
    (void)close_shown((void **)&shown);
}

static void views_are_as_recorded(void **state)
{
    char *text = NULL;
    size_t length = 0;
    char golden[4096] = "";
    char error[256];
    FILE *out = open_memstream(&text, &length);

    (void)state;
    assert_non_null(out);
    (void)fprintf(out, "# view, pixels; drawn with cairo %s\n", cairo_version_string());
    write_deadlock(out);
    write_threads(out);
    (void)fclose(out);
    if (getenv("PICKGLASS_RECORD") != NULL &&
        !file_replace(TABLE, text, length, error, sizeof(error)))
        fail_msg("%s", error);
    FILE *in = fopen(TABLE, "rb");

    assert_non_null(in);
    golden[fread(golden, 1, sizeof(golden) - 1, in)] = '\0';
    (void)fclose(in);
    assert_string_equal(text, golden);
    free(text);
}

static void the_screen_has_what_is_painted(void **state)
{
    struct shown *shown = open_on(record_run(&deadlock_abba, SIM_LEVEL_FIFO));
    unsigned char *pixels = NULL;
    SDL_Surface *screen = SDL_GetWindowSurface(shown->window.window);

    (void)state;
    assert_non_null(screen);
    press(shown, SDLK_f, 0);
    pixels = paint(shown);
    assert_int_equal(screen->w, WIDTH);
    assert_int_equal(screen->h, HEIGHT);
    for (size_t i = 0; i < (size_t)WIDTH * HEIGHT; i++) {
        uint32_t painted = 0;
        uint32_t seen = 0;
        uint8_t red = 0;
        uint8_t green = 0;
        uint8_t blue = 0;

        memcpy(&painted, pixels + 4 * i, sizeof(painted));
        memcpy(&seen,
               (const char *)screen->pixels + i / WIDTH * (size_t)screen->pitch + 4 * (i % WIDTH),
               sizeof(seen));
        SDL_GetRGB(seen, screen->format, &red, &green, &blue);
        seen = (uint32_t)red << 16 | (uint32_t)green << 8 | blue;
        if ((painted & 0xFFFFFF) != seen)
            fail_msg("pixel %zu is #%06x, not #%06x", i, seen, painted & 0xFFFFFF);
    }
    free(pixels);
    (void)close_shown((void **)&shown);
}

/* Something that a person may do. */
static void do_anything(struct shown *shown, struct prng *prng)
{
    static const SDL_Keycode keys[] = {
        SDLK_LEFT, SDLK_RIGHT, SDLK_HOME, SDLK_END, SDLK_w, SDLK_s,     SDLK_a,
        SDLK_d,    SDLK_DOWN,  SDLK_UP,   SDLK_f,   SDLK_t, SDLK_i,     SDLK_PAGEDOWN,
        SDLK_n,    SDLK_F1,    SDLK_h,    SDLK_c,   SDLK_b, SDLK_PAGEUP};
    uint64_t what = prng_next(prng);
    int x = (int)(prng_next(prng) % WIDTH);
    int y = (int)(prng_next(prng) % HEIGHT);

    if (what % 8 == 0) {
        move(shown, x, y);
    } else if (what % 8 == 1) {
        move(shown, x, y);
        button(shown, SDL_MOUSEBUTTONDOWN);
        move(shown, x + (int)(what / 8 % 90) - 45, y + (int)(what / 1024 % 40) - 20);
        button(shown, SDL_MOUSEBUTTONUP);
    } else if (what % 8 == 2) {
        send(shown, (SDL_Event){.wheel = {.type = SDL_MOUSEWHEEL, .y = what % 16 < 8 ? 1 : -1}});
    } else if (what % 8 == 3) {
        click(shown, x, y);
    } else {
        press(shown, keys[what / 8 % (sizeof(keys) / sizeof(keys[0]))],
              what % 5 == 0 ? KMOD_SHIFT : 0);
    }
}

/* Whatever was done before: only parts are painted at a time, and moved by whoever knows how. */
static void frames_are_as_if_painted_anew(void **state)
{
    static const struct sim_scenario *const stories[] = {&deadlock_abba, &counter_race_threads,
                                                         &dining_philosophers};

    (void)state;
    for (size_t i = 0; i < sizeof(stories) / sizeof(stories[0]); i++) {
        struct shown *shown = open_on(record_run(stories[i], SIM_LEVEL_FIFO));
        struct prng prng;

        prng_seed(&prng, i);
        for (int round = 0; round < 250 && !shown->window.quit; round++) {
            do_anything(shown, &prng);
            unsigned char *pixels = paint(shown);

            for (size_t y = 0; y < HEIGHT; y++)
                if (memcmp(pixels + 4 * WIDTH * y, shown->window.screen.pixels + 4 * WIDTH * y,
                           4 * (size_t)WIDTH) != 0)
                    fail_msg("%s, round %d: row %zu is not as if painted anew", stories[i]->name,
                             round, y);
            free(pixels);
        }
        (void)close_shown((void **)&shown);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(views_are_as_recorded),
        cmocka_unit_test(the_screen_has_what_is_painted),
        cmocka_unit_test(frames_are_as_if_painted_anew),
    };

    return cmocka_run_group_tests_name("window pictures", tests, NULL, NULL);
}
