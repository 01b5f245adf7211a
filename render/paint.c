#include "render/paint.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "render/damage.h"
#include "render/masks.h"
#include "sim/base/vec.h"

struct painter {
    const struct fonts *fonts;
    struct masks *masks;
    struct damage *damage;
    struct area *bounds; /* by shape: of one scene at a time */
    size_t bounds_capacity;
};

/* A scene that goes onto a canvas. */
struct painting {
    struct painter *painter;
    struct canvas canvas;
    double scale;
    bool failed;
};

struct painter *painter_new(const struct fonts *fonts)
{
    struct painter *painter = calloc(1, sizeof(*painter));

    if (painter == NULL)
        return NULL;
    painter->fonts = fonts;
    painter->masks = masks_new(fonts);
    painter->damage = damage_new();
    if (painter->masks != NULL && painter->damage != NULL)
        return painter;
    painter_free(painter);
    return NULL;
}

void painter_free(struct painter *painter)
{
    if (painter == NULL)
        return;
    masks_free(painter->masks);
    damage_free(painter->damage);
    free(painter->bounds);
    free(painter);
}

static struct fine_box fine_box(double scale, double x, double y, double w, double h)
{
    struct fine_box box = {fine_of(x * scale), fine_of(y * scale), 0, 0};

    box.x1 = box.x0 + fine_of(w * scale);
    box.y1 = box.y0 + fine_of(h * scale);
    return box;
}

static void masked(struct painting *p, const struct shape *s, enum mask_part part, uint32_t rgb)
{
    int dx = 0;
    int dy = 0;
    const struct mask *mask = masks_shape(p->painter->masks, s, part, p->scale, &dx, &dy);

    if (mask == NULL)
        p->failed = true;
    else
        canvas_mask(&p->canvas, mask, dx, dy, rgb);
}

static void edge(struct painting *p, const struct shape *s)
{
    struct fine_box outer = fine_box(p->scale, s->x, s->y, s->w, s->h);
    int width = fine_of(s->edge_width * p->scale);
    struct fine_box inner = {outer.x0 + width, outer.y0 + width, outer.x1 - width,
                             outer.y1 - width};

    if (s->w <= s->edge_width || s->h <= s->edge_width)
        return;
    if (s->radius > 0 || s->dashed)
        masked(p, s, MASK_EDGE, s->edge);
    else if (inner.x1 > inner.x0 && inner.y1 > inner.y0)
        canvas_frame(&p->canvas, &outer, &inner, s->edge);
    else
        canvas_box(&p->canvas, &outer, s->edge);
}

/* Stripes of a hatch: logical pixels from one to the next, and across one. */
static const double hatch_period = 6;
static const double hatch_width = 1.2;

static void rect(struct painting *p, const struct shape *s)
{
    struct fine_box box = fine_box(p->scale, s->x, s->y, s->w, s->h);

    if (s->fill != UINT32_MAX && s->radius > 0)
        masked(p, s, MASK_INSIDE, s->fill);
    else if (s->fill != UINT32_MAX)
        canvas_box(&p->canvas, &box, s->fill);
    if (s->kind == SHAPE_HATCH)
        canvas_stripes(&p->canvas, &box,
                       (struct stripes){hatch_period * p->scale, hatch_width * sqrt(2) * p->scale},
                       s->edge);
    if (s->edge_width > 0)
        edge(p, s);
}

static void line(struct painting *p, const struct shape *s)
{
    double half = s->edge_width / 2;

    if (s->dashed || (s->w != 0 && s->h != 0)) {
        masked(p, s, MASK_EDGE, s->edge);
    } else {
        double w = fabs(s->w);
        double h = fabs(s->h);
        struct fine_box box =
            fine_box(p->scale, s->w < 0 ? s->x - w : s->x, s->h < 0 ? s->y - h : s->y, w, h);
        int wide = fine_of(half * p->scale);

        box.x0 -= s->w == 0 ? wide : 0;
        box.x1 += s->w == 0 ? wide : 0;
        box.y0 -= s->h == 0 ? wide : 0;
        box.y1 += s->h == 0 ? wide : 0;
        if (s->w != 0 || s->h != 0)
            canvas_box(&p->canvas, &box, s->edge);
    }
    if (s->kind == SHAPE_ARROW || s->kind == SHAPE_DOUBLE)
        masked(p, s, MASK_HEAD, s->edge);
    if (s->kind == SHAPE_DOUBLE)
        masked(p, s, MASK_TAIL, s->edge);
}

static struct area either(struct area a, struct area b)
{
    if (area_is_empty(a))
        return b;
    return area_is_empty(b) ? a
                            : (struct area){a.x0 < b.x0 ? a.x0 : b.x0, a.y0 < b.y0 ? a.y0 : b.y0,
                                            a.x1 > b.x1 ? a.x1 : b.x1, a.y1 > b.y1 ? a.y1 : b.y1};
}

/* A letter, on whole pixels; bounds grow to hold it, and if there are none, it is drawn. */
static void letter(struct painting *p, const struct shape *s, double x, int32_t code,
                   struct area *bounds)
{
    const struct mask *mask = masks_glyph(p->painter->masks, s->face, s->size * p->scale, code);
    int dx = (int)floor(x * p->scale + 0.5);
    int dy = (int)floor(s->y * p->scale + 0.5);

    if (mask == NULL)
        p->failed = true;
    else if (bounds == NULL)
        canvas_mask(&p->canvas, mask, dx, dy, s->fill);
    else
        *bounds = either(*bounds, (struct area){mask->area.x0 + dx, mask->area.y0 + dy,
                                                mask->area.x1 + dx, mask->area.y1 + dy});
}

/* In place of a character that the face has not: a box with its number, in two lines. */
static void substitute(struct painting *p, const struct shape *s, double x, int32_t code,
                       struct area *bounds)
{
    char digits[8];
    int half = code > 0xFFFF ? 3 : 2;
    double em = s->size;
    double size = (half == 2 ? 0.5 : 0.42) * em;
    double stroke = 0.05 * em;
    const struct shape frame = {.kind = SHAPE_RECT,
                                .x = x + 0.06 * em - stroke / 2,
                                .y = s->y - 0.8 * em - stroke / 2,
                                .w = 0.88 * em + stroke,
                                .h = 0.94 * em + stroke,
                                .edge = s->fill,
                                .edge_width = stroke};

    (void)snprintf(digits, sizeof(digits), "%0*X", 2 * half, (unsigned)code);
    if (bounds == NULL)
        edge(p, &frame);
    else
        *bounds = either(*bounds, masks_shape_area(&frame, p->scale));
    for (int i = 0; i < 2 * half; i++) {
        double cell = 0.602 * size;
        struct shape digit = *s;

        digit.face = FONT_MONO;
        digit.size = size;
        digit.y = s->y - (i < half ? 0.4 : -0.02) * em;
        letter(p, &digit, x + (em - half * cell) / 2 + i % half * cell, digits[i], bounds);
    }
}

static void text(struct painting *p, const struct shape *s, struct area *bounds)
{
    const struct fonts *fonts = p->painter->fonts;
    const char *at = s->text;
    double x = s->x;

    while (at != NULL && *at != '\0') {
        int32_t code = font_decode(&at);
        double advance = font_advance(fonts, s->face, s->size, code);

        if (font_has(fonts, s->face, code))
            letter(p, s, x, code, bounds);
        else if (advance > 0)
            substitute(p, s, x, code, bounds);
        x += advance;
    }
}

static void shape(struct painting *p, const struct shape *s)
{
    switch (s->kind) {
    case SHAPE_RECT:
    case SHAPE_HATCH:
        rect(p, s);
        break;
    case SHAPE_DISC:
        masked(p, s, MASK_INSIDE, s->fill);
        if (s->edge_width > 0)
            masked(p, s, MASK_EDGE, s->edge);
        break;
    case SHAPE_TEXT:
        text(p, s, NULL);
        break;
    case SHAPE_TIP:
        break;
    case SHAPE_LINE:
    case SHAPE_ARROW:
    case SHAPE_DOUBLE:
    default:
        line(p, s);
        break;
    }
}

static void fill_background(struct painting *p, uint32_t rgb)
{
    const struct area clip = p->canvas.clip;
    const struct fine_box all = {clip.x0 * 256, clip.y0 * 256, clip.x1 * 256, clip.y1 * 256};

    canvas_box(&p->canvas, &all, rgb);
}

bool painter_paint(struct painter *painter, const struct scene *scene, double scale,
                   unsigned char *pixels, int width, int height, int stride)
{
    struct painting p = {
        .painter = painter, .canvas = {NULL, stride, {0, 0, width, height}}, .scale = scale};

    p.canvas.pixels = pixels;
    fill_background(&p, scene->background);
    for (size_t i = 0; i < scene->count; i++)
        shape(&p, &scene->shapes[i]);
    return !p.failed;
}

/* The pixels that a shape may touch. */
static struct area bounds_of(struct painting *p, const struct shape *s)
{
    struct area bounds = {0};
    bool upright =
        (s->kind == SHAPE_RECT || s->kind == SHAPE_HATCH) && s->radius <= 0 && !s->dashed;

    if (s->kind == SHAPE_TIP)
        return bounds;
    if (s->kind == SHAPE_TEXT) {
        text(p, s, &bounds);
        return bounds;
    }
    if (upright) {
        struct fine_box box = fine_box(p->scale, s->x, s->y, s->w, s->h);

        return fine_area(&box);
    }
    return masks_shape_area(s, p->scale);
}

static uint64_t bits_of(double number)
{
    uint64_t bits = 0;

    memcpy(&bits, &number, sizeof(bits));
    return bits;
}

/* What it is, and where. */
static uint64_t sum_of(const struct shape *s)
{
    const double numbers[] = {s->x, s->y, s->w, s->h, s->radius, s->edge_width, s->size};
    uint64_t sum = damage_sum((uint64_t)s->fill << 32 | s->edge,
                              (uint64_t)s->kind << 8 | (uint64_t)s->face << 1 | s->dashed);

    for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++)
        sum = damage_sum(sum, bits_of(numbers[i]));
    for (const char *at = s->text; at != NULL && *at != '\0'; at++)
        sum = damage_sum(sum, (unsigned char)*at);
    return sum;
}

static bool touch(struct area a, struct area b)
{
    return a.x0 < b.x1 && b.x0 < a.x1 && a.y0 < b.y1 && b.y0 < a.y1;
}

void painter_forget(struct painter *painter)
{
    damage_forget(painter->damage);
}

int painter_update(struct painter *painter, const struct scene *scene, double scale,
                   struct canvas *canvas, struct area changed[DAMAGE_AREAS_MOST])
{
    struct painting p = {.painter = painter, .canvas = *canvas, .scale = scale};

    if (!vec_reserve(&painter->bounds, scene->count + 1, &painter->bounds_capacity,
                     sizeof(*painter->bounds)) ||
        !damage_begin(painter->damage, canvas->clip.x1, canvas->clip.y1,
                      damage_sum(scene->background, bits_of(scale))))
        return -1;
    for (size_t i = 0; i < scene->count; i++) {
        painter->bounds[i] = bounds_of(&p, &scene->shapes[i]);
        damage_add(painter->damage, painter->bounds[i], sum_of(&scene->shapes[i]));
    }
    int count = damage_end(painter->damage, changed);

    for (int at = 0; at < count; at++) {
        p.canvas.clip = changed[at];
        fill_background(&p, scene->background);
        for (size_t i = 0; i < scene->count; i++)
            if (touch(painter->bounds[i], changed[at]))
                shape(&p, &scene->shapes[i]);
    }
    if (p.failed)
        damage_forget(painter->damage);
    return p.failed ? -1 : count;
}
