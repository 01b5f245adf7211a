#include "render/paint.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include <cairo-ft.h>
#include <cairo.h>

struct painter {
    const struct fonts *fonts;
    cairo_font_face_t *faces[FONT_COUNT];
    cairo_font_options_t *options;
};

struct painter *painter_new(const struct fonts *fonts)
{
    struct painter *painter = calloc(1, sizeof(*painter));

    if (painter == NULL)
        return NULL;
    painter->fonts = fonts;
    /* No hinting: the same shapes at every scale, whatever FREETYPE_PROPERTIES says. */
    painter->options = cairo_font_options_create();
    cairo_font_options_set_hint_style(painter->options, CAIRO_HINT_STYLE_NONE);
    cairo_font_options_set_hint_metrics(painter->options, CAIRO_HINT_METRICS_OFF);
    cairo_font_options_set_antialias(painter->options, CAIRO_ANTIALIAS_GRAY);
    for (int i = 0; i < FONT_COUNT; i++)
        painter->faces[i] =
            cairo_ft_font_face_create_for_ft_face(fonts_face(fonts, (enum font_face)i), 0);
    return painter;
}

void painter_free(struct painter *painter)
{
    if (painter == NULL)
        return;
    for (int i = 0; i < FONT_COUNT; i++)
        cairo_font_face_destroy(painter->faces[i]);
    cairo_font_options_destroy(painter->options);
    free(painter);
    /* Its caches hold on to the faces, which are about to go. */
    cairo_debug_reset_static_data();
}

static void colour(cairo_t *cr, uint32_t rgb)
{
    cairo_set_source_rgb(cr, (rgb >> 16 & 0xFF) / 255.0, (rgb >> 8 & 0xFF) / 255.0,
                         (rgb & 0xFF) / 255.0);
}

static void outline(cairo_t *cr, const struct shape *s)
{
    double r = s->radius;

    if (r <= 0) {
        cairo_rectangle(cr, s->x, s->y, s->w, s->h);
        return;
    }
    cairo_new_sub_path(cr);
    cairo_arc(cr, s->x + s->w - r, s->y + r, r, -M_PI / 2, 0);
    cairo_arc(cr, s->x + s->w - r, s->y + s->h - r, r, 0, M_PI / 2);
    cairo_arc(cr, s->x + r, s->y + s->h - r, r, M_PI / 2, M_PI);
    cairo_arc(cr, s->x + r, s->y + r, r, M_PI, 3 * M_PI / 2);
    cairo_close_path(cr);
}

static void stroke(cairo_t *cr, const struct shape *s)
{
    static const double dashes[] = {4, 3};

    if (s->edge_width <= 0)
        return;
    colour(cr, s->edge);
    cairo_set_line_width(cr, s->edge_width);
    cairo_set_dash(cr, dashes, s->dashed ? 2 : 0, 0);
    cairo_stroke(cr);
    cairo_set_dash(cr, NULL, 0, 0);
}

static void hatch(cairo_t *cr, const struct shape *s)
{
    cairo_save(cr);
    cairo_rectangle(cr, s->x, s->y, s->w, s->h);
    cairo_clip(cr);
    colour(cr, s->edge);
    cairo_set_line_width(cr, 1.2);
    for (int i = 0; s->h > 0 && 6 * i < s->w + s->h; i++) {
        double x = s->x - s->h + 6 * i;

        cairo_move_to(cr, x, s->y + s->h);
        cairo_line_to(cr, x + s->h, s->y);
        cairo_stroke(cr);
    }
    cairo_restore(cr);
}

static void rect(cairo_t *cr, const struct shape *s)
{
    if (s->fill != UINT32_MAX) {
        outline(cr, s);
        colour(cr, s->fill);
        cairo_fill(cr);
    }
    if (s->kind == SHAPE_HATCH)
        hatch(cr, s);
    if (s->edge_width > 0) {
        struct shape inner = *s;

        inner.x += s->edge_width / 2;
        inner.y += s->edge_width / 2;
        inner.w -= s->edge_width;
        inner.h -= s->edge_width;
        if (inner.w > 0 && inner.h > 0) {
            outline(cr, &inner);
            stroke(cr, s);
        }
    }
}

/* A head of an arrow whose tip is at x, y and that points along dx, dy. */
static void head(cairo_t *cr, double x, double y, double dx, double dy)
{
    double length = sqrt(dx * dx + dy * dy);

    if (length <= 0)
        return;
    dx /= length;
    dy /= length;
    cairo_move_to(cr, x, y);
    cairo_line_to(cr, x - 7 * dx - 3.5 * dy, y - 7 * dy + 3.5 * dx);
    cairo_line_to(cr, x - 7 * dx + 3.5 * dy, y - 7 * dy - 3.5 * dx);
    cairo_close_path(cr);
    cairo_fill(cr);
}

static void line(cairo_t *cr, const struct shape *s)
{
    cairo_move_to(cr, s->x, s->y);
    cairo_line_to(cr, s->x + s->w, s->y + s->h);
    stroke(cr, s);
    if (s->kind == SHAPE_ARROW || s->kind == SHAPE_DOUBLE)
        head(cr, s->x + s->w, s->y + s->h, s->w, s->h);
    if (s->kind == SHAPE_DOUBLE)
        head(cr, s->x, s->y, -s->w, -s->h);
}

/* Text that the face has, at a place. */
static void glyphs(cairo_t *cr, double x, double y, const char *from, const char *to)
{
    char run[FONT_TEXT_MAX];

    if (from == to)
        return;
    (void)snprintf(run, sizeof(run), "%.*s", (int)(to - from), from);
    cairo_move_to(cr, x, y);
    cairo_show_text(cr, run);
}

/* In place of a character that the face has not: a box with its number, in two lines. */
static void substitute(const struct painter *painter, cairo_t *cr, const struct shape *s, double x,
                       int32_t code)
{
    char digits[8];
    int half = code > 0xFFFF ? 3 : 2;
    double em = s->size;

    (void)snprintf(digits, sizeof(digits), "%0*X", 2 * half, (unsigned)code);
    cairo_set_line_width(cr, 0.05 * em);
    cairo_rectangle(cr, x + 0.06 * em, s->y - 0.8 * em, 0.88 * em, 0.94 * em);
    cairo_stroke(cr);
    cairo_set_font_face(cr, painter->faces[FONT_MONO]);
    cairo_set_font_size(cr, (half == 2 ? 0.5 : 0.42) * em);
    for (int line = 0; line < 2; line++) {
        double width = half * 0.602 * (half == 2 ? 0.5 : 0.42) * em;
        const char *first = line == 0 ? digits : digits + half;

        glyphs(cr, x + (em - width) / 2, s->y - (line == 0 ? 0.4 : -0.02) * em, first,
               first + half);
    }
    cairo_set_font_face(cr, painter->faces[s->face]);
    cairo_set_font_size(cr, s->size);
}

static void text(const struct painter *painter, cairo_t *cr, const struct shape *s)
{
    const char *run = s->text;
    const char *at = s->text;
    double run_x = s->x;
    double x = s->x;

    cairo_set_font_face(cr, painter->faces[s->face]);
    cairo_set_font_size(cr, s->size);
    colour(cr, s->fill);
    while (*at != '\0') {
        const char *start = at;
        int32_t code = font_decode(&at);
        double advance = font_advance(painter->fonts, s->face, s->size, code);

        if (!font_has(painter->fonts, s->face, code)) {
            glyphs(cr, run_x, s->y, run, start);
            if (advance > 0)
                substitute(painter, cr, s, x, code);
            run = at;
            run_x = x + advance;
        }
        x += advance;
    }
    glyphs(cr, run_x, s->y, run, at);
    cairo_new_path(cr);
}

static void shape(const struct painter *painter, cairo_t *cr, const struct shape *s)
{
    switch (s->kind) {
    case SHAPE_RECT:
    case SHAPE_HATCH:
        rect(cr, s);
        break;
    case SHAPE_DISC:
        cairo_new_path(cr); /* text before it has left a current point */
        cairo_arc(cr, s->x, s->y, s->w, 0, 2 * M_PI);
        colour(cr, s->fill);
        cairo_fill_preserve(cr);
        stroke(cr, s);
        cairo_new_path(cr);
        break;
    case SHAPE_TEXT:
        if (s->text != NULL)
            text(painter, cr, s);
        break;
    case SHAPE_TIP:
        break;
    case SHAPE_LINE:
    case SHAPE_ARROW:
    case SHAPE_DOUBLE:
    default:
        line(cr, s);
        break;
    }
}

bool painter_paint(struct painter *painter, const struct scene *scene, double scale,
                   unsigned char *pixels, int width, int height, int stride)
{
    cairo_surface_t *surface =
        cairo_image_surface_create_for_data(pixels, CAIRO_FORMAT_RGB24, width, height, stride);
    cairo_t *cr = cairo_create(surface);

    colour(cr, scene->background);
    cairo_paint(cr);
    cairo_scale(cr, scale, scale);
    cairo_set_font_options(cr, painter->options);
    for (size_t i = 0; i < scene->count; i++)
        shape(painter, cr, &scene->shapes[i]);
    cairo_surface_flush(surface);
    bool ok = cairo_status(cr) == CAIRO_STATUS_SUCCESS;

    cairo_destroy(cr);
    cairo_surface_destroy(surface);
    return ok;
}
