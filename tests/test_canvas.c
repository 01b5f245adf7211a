/* What is painted by parts is what is painted at once; boxes are cairo's, pixel for pixel; and the
 * areas that are painted again are all that has changed. */
#include "tests/test.h"

#include <cairo.h>
#include <stdlib.h>
#include <string.h>

#include "render/paint.h"
#include "sim/base/prng.h"

enum { WIDTH = 320, HEIGHT = 200, BYTES = 4 * WIDTH * HEIGHT };

struct fixture {
    struct fonts *fonts;
    struct painter *painter;
    struct prng prng;
    unsigned char *pixels;
    unsigned char *others;
};

static int setup(void **state)
{
    struct fixture *f = calloc(1, sizeof(*f));
    char error[256];

    assert_non_null(f);
    f->fonts = fonts_new(error, sizeof(error));
    assert_non_null(f->fonts);
    f->painter = painter_new(f->fonts);
    assert_non_null(f->painter);
    f->pixels = calloc(1, BYTES);
    f->others = calloc(1, BYTES);
    prng_seed(&f->prng, 7);
    *state = f;
    return 0;
}

static int teardown(void **state)
{
    struct fixture *f = *state;

    painter_free(f->painter);
    fonts_free(f->fonts);
    free(f->pixels);
    free(f->others);
    free(f);
    return 0;
}

static double any(struct fixture *f, double from, double to)
{
    return from + (to - from) * ((double)(prng_next(&f->prng) >> 11) * 0x1p-53);
}

static uint32_t any_colour(struct fixture *f)
{
    return (uint32_t)(prng_next(&f->prng) & 0xFFFFFF);
}

static void check_same(const struct fixture *f, const char *what, int round)
{
    for (size_t i = 0; i < BYTES; i++)
        if (i % 4 != 3 && f->pixels[i] != f->others[i])
            fail_msg("%s, round %d: pixel %zu, %zu has %d, not %d", what, round, i / 4 % WIDTH,
                     i / 4 / WIDTH, f->pixels[i], f->others[i]);
}

/* The same shape in the same picture, drawn by cairo itself. */
static void draw_with_cairo(const struct fixture *f, const struct scene *scene, double scale)
{
    cairo_surface_t *surface = cairo_image_surface_create_for_data(f->others, CAIRO_FORMAT_RGB24,
                                                                   WIDTH, HEIGHT, 4 * WIDTH);
    cairo_t *cr = cairo_create(surface);

    cairo_set_source_rgb(cr, 1, 1, 1);
    cairo_paint(cr);
    cairo_scale(cr, scale, scale);
    for (size_t i = 0; i < scene->count; i++) {
        const struct shape *s = &scene->shapes[i];

        cairo_set_source_rgb(cr, (s->fill >> 16) / 255.0, (s->fill >> 8 & 0xFF) / 255.0,
                             (s->fill & 0xFF) / 255.0);
        cairo_rectangle(cr, s->x, s->y, s->w, s->h);
        cairo_fill(cr);
    }
    cairo_destroy(cr);
    cairo_surface_destroy(surface);
}

static void boxes_are_those_of_cairo(void **state)
{
    struct fixture *f = *state;

    for (int round = 0; round < 300; round++) {
        struct scene scene = {.background = 0xFFFFFF};
        double scale = round % 3 == 0 ? 1 : any(f, 0.5, 3);

        for (int i = 0; i < 20; i++)
            scene_rect(&scene, any(f, -40, WIDTH), any(f, -40, HEIGHT), any(f, 0, 90),
                       i % 2 == 0 ? any(f, 0, 2) : any(f, 0, 90), any_colour(f));
        assert_true(painter_paint(f->painter, &scene, scale, f->pixels, WIDTH, HEIGHT, 4 * WIDTH));
        draw_with_cairo(f, &scene, scale);
        check_same(f, "a box", round);
        scene_free(&scene);
    }
}

static void add_any(struct fixture *f, struct scene *scene)
{
    static const char *const texts[] = {"waits for lock B", "\xE2\x96\xB6 step 12",
                                        "\xE4\xB8\xAD\xF0\x9F\x90\xBA T\xCC\x81"};
    struct shape s = {.kind = (enum shape_kind)(prng_next(&f->prng) % (SHAPE_TIP + 1)),
                      .x = any(f, -20, WIDTH),
                      .y = any(f, -20, HEIGHT),
                      .w = any(f, 0, 100),
                      .h = any(f, 0, 60),
                      .size = 9 + (double)(prng_next(&f->prng) % 5),
                      .fill = any_colour(f),
                      .edge = any_colour(f),
                      .edge_width = any(f, 0, 3),
                      .face = (enum font_face)(prng_next(&f->prng) % FONT_COUNT),
                      .dashed = prng_next(&f->prng) % 4 == 0};
    bool line = s.kind == SHAPE_LINE || s.kind == SHAPE_ARROW || s.kind == SHAPE_DOUBLE;

    if (s.kind == SHAPE_RECT && prng_next(&f->prng) % 2 == 0)
        s.radius = s.w < s.h ? s.w / 3 : s.h / 3;
    if (s.kind == SHAPE_DISC)
        s.w = any(f, 1, 12);
    if (line && prng_next(&f->prng) % 2 == 0)
        s.h = 0;
    else if (line && prng_next(&f->prng) % 2 == 0)
        s.w = 0;
    scene_add(scene, s,
              s.kind == SHAPE_TEXT || s.kind == SHAPE_TIP ? texts[prng_next(&f->prng) % 3] : NULL);
}

static void updates_leave_what_a_whole_painting_would(void **state)
{
    struct fixture *f = *state;
    struct canvas canvas = {f->pixels, 4 * WIDTH, {0, 0, WIDTH, HEIGHT}};
    struct scene scene = {.background = 0x16191F};
    double scale = 1;

    for (int round = 0; round < 600; round++) {
        struct area changed[DAMAGE_AREAS_MOST];

        /* One more, one that moves, or all anew at another scale. */
        if (round % 100 == 99) {
            scene_free(&scene);
            scene = (struct scene){.background = any_colour(f)};
            scale = any(f, 0.7, 2.5);
        } else if (round % 3 == 2 && scene.count > 0) {
            scene.shapes[prng_next(&f->prng) % scene.count].x += any(f, -9, 9);
        } else {
            add_any(f, &scene);
        }
        assert_true(painter_update(f->painter, &scene, scale, &canvas, changed) >= 0);
        assert_true(painter_paint(f->painter, &scene, scale, f->others, WIDTH, HEIGHT, 4 * WIDTH));
        check_same(f, "an update", round);
        assert_int_equal(painter_update(f->painter, &scene, scale, &canvas, changed), 0);
    }
    scene_free(&scene);
}

static void areas_are_apart_and_hold_all_that_changed(void **state)
{
    struct fixture *f = *state;
    struct damage *damage = damage_new();
    struct area areas[DAMAGE_AREAS_MOST];

    assert_non_null(damage);
    assert_true(damage_begin(damage, WIDTH, HEIGHT, 0));
    assert_int_equal(damage_end(damage, areas), 1);
    for (uint64_t round = 0; round < 300; round++) {
        struct area added[60];
        int dots = 1 + (int)(prng_next(&f->prng) % 60);

        assert_true(damage_begin(damage, WIDTH, HEIGHT, 0));
        for (int i = 0; i < dots; i++) {
            int x = (int)any(f, -30, WIDTH);
            int y = (int)any(f, -30, HEIGHT);

            added[i] = (struct area){x, y, x + (int)any(f, 1, 40), y + (int)any(f, 1, 20)};
            damage_add(damage, added[i], damage_sum(round, (uint64_t)i));
        }
        int count = damage_end(damage, areas);

        assert_in_range(count, 1, DAMAGE_AREAS_MOST);
        for (int i = 0; i < count; i++)
            for (int j = 0; j < i; j++)
                assert_true(area_is_empty(area_common(areas[i], areas[j])));
        for (int i = 0; i < dots; i++)
            for (int y = added[i].y0; y < added[i].y1; y++)
                for (int x = added[i].x0; x < added[i].x1; x++) {
                    bool held = x < 0 || y < 0 || x >= WIDTH || y >= HEIGHT;

                    for (int k = 0; k < count && !held; k++)
                        held = x >= areas[k].x0 && x < areas[k].x1 && y >= areas[k].y0 &&
                               y < areas[k].y1;
                    assert_true(held);
                }
    }
    damage_free(damage);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(boxes_are_those_of_cairo, setup, teardown),
        cmocka_unit_test_setup_teardown(updates_leave_what_a_whole_painting_would, setup, teardown),
        cmocka_unit_test_setup_teardown(areas_are_apart_and_hold_all_that_changed, setup, teardown),
    };

    return cmocka_run_group_tests_name("canvas", tests, NULL, NULL);
}
