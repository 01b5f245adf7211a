#include "render/masks.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <cairo-ft.h>
#include <cairo.h>

/* Typefaces are few; the glyphs of one are found by their code point. */
enum { TYPEFACES_MOST = 64, GLYPH_SLOTS = 256, SHAPE_SLOTS = 1024, SHAPE_BYTES_MOST = 1 << 14 };

struct glyph {
    struct glyph *next;
    int32_t code;
    struct mask mask;
};

struct typeface {
    enum font_face face;
    double size;
    cairo_scaled_font_t *font;
    struct glyph *glyphs[GLYPH_SLOTS];
};

/* All that says what a part of a shape looks like: its place within a pixel is a part of that. */
struct shape_key {
    double x;
    double y;
    double w;
    double h;
    double radius;
    double edge_width;
    double scale;
    uint32_t kind;
    uint32_t part;
    uint32_t dashed;
    uint32_t sum; /* of all that; 0: nothing is kept here */
};

struct drawn {
    struct shape_key key;
    struct mask mask;
};

struct masks {
    const struct fonts *fonts;
    cairo_font_face_t *faces[FONT_COUNT];
    cairo_font_options_t *options;
    struct typeface typefaces[TYPEFACES_MOST];
    int typeface_count;
    struct drawn drawn[SHAPE_SLOTS];
    struct drawn large; /* the last of those that are not kept */
};

struct masks *masks_new(const struct fonts *fonts)
{
    struct masks *masks = calloc(1, sizeof(*masks));

    if (masks == NULL)
        return NULL;
    masks->fonts = fonts;
    /* No hinting: the same shapes at every scale, whatever FREETYPE_PROPERTIES says. */
    masks->options = cairo_font_options_create();
    cairo_font_options_set_hint_style(masks->options, CAIRO_HINT_STYLE_NONE);
    cairo_font_options_set_hint_metrics(masks->options, CAIRO_HINT_METRICS_OFF);
    cairo_font_options_set_antialias(masks->options, CAIRO_ANTIALIAS_GRAY);
    for (int i = 0; i < FONT_COUNT; i++)
        masks->faces[i] =
            cairo_ft_font_face_create_for_ft_face(fonts_face(fonts, (enum font_face)i), 0);
    return masks;
}

static void free_typeface(struct typeface *typeface)
{
    for (int i = 0; i < GLYPH_SLOTS; i++)
        while (typeface->glyphs[i] != NULL) {
            struct glyph *glyph = typeface->glyphs[i];

            typeface->glyphs[i] = glyph->next;
            free(glyph->mask.bytes);
            free(glyph);
        }
    cairo_scaled_font_destroy(typeface->font);
}

void masks_free(struct masks *masks)
{
    if (masks == NULL)
        return;
    for (int i = 0; i < masks->typeface_count; i++)
        free_typeface(&masks->typefaces[i]);
    for (int i = 0; i < SHAPE_SLOTS; i++)
        free(masks->drawn[i].mask.bytes);
    free(masks->large.mask.bytes);
    for (int i = 0; i < FONT_COUNT; i++)
        cairo_font_face_destroy(masks->faces[i]);
    cairo_font_options_destroy(masks->options);
    free(masks);
    /* Its caches hold on to the faces, which are about to go. */
    cairo_debug_reset_static_data();
}

/* Begin to draw a mask, where the corner of its area is 0, 0.  NULL when out of memory. */
static cairo_t *begin(struct mask *mask)
{
    int width = mask->area.x1 - mask->area.x0;
    int height = mask->area.y1 - mask->area.y0;

    mask->stride = (width + 3) / 4 * 4;
    mask->bytes = calloc((size_t)height, (size_t)mask->stride);
    if (mask->bytes == NULL)
        return NULL;
    cairo_surface_t *surface = cairo_image_surface_create_for_data(mask->bytes, CAIRO_FORMAT_A8,
                                                                   width, height, mask->stride);
    cairo_t *cr = cairo_create(surface);

    cairo_surface_destroy(surface);
    cairo_translate(cr, -mask->area.x0, -mask->area.y0);
    cairo_set_source_rgb(cr, 1, 1, 1);
    return cr;
}

/* False: out of memory. */
static bool end(cairo_t *cr)
{
    cairo_surface_flush(cairo_get_target(cr));
    bool ok = cairo_status(cr) == CAIRO_STATUS_SUCCESS;

    cairo_destroy(cr);
    return ok;
}

static struct typeface *typeface_of(struct masks *masks, enum font_face face, double size)
{
    cairo_matrix_t letters;
    cairo_matrix_t page;

    for (int i = 0; i < masks->typeface_count; i++)
        if (masks->typefaces[i].face == face && masks->typefaces[i].size == size)
            return &masks->typefaces[i];
    /* Whoever zooms through very many sizes begins anew. */
    if (masks->typeface_count == TYPEFACES_MOST) {
        free_typeface(&masks->typefaces[0]);
        masks->typefaces[0] = masks->typefaces[--masks->typeface_count];
    }
    struct typeface *typeface = &masks->typefaces[masks->typeface_count++];

    *typeface = (struct typeface){.face = face, .size = size};
    cairo_matrix_init_scale(&letters, size, size);
    cairo_matrix_init_identity(&page);
    typeface->font = cairo_scaled_font_create(masks->faces[face], &letters, &page, masks->options);
    return typeface;
}

static bool draw_glyph(struct mask *mask, struct typeface *typeface, uint32_t index)
{
    const cairo_glyph_t one = {.index = index};
    cairo_text_extents_t extents;

    cairo_scaled_font_glyph_extents(typeface->font, &one, 1, &extents);
    if (extents.width <= 0 || extents.height <= 0)
        return true;
    mask->area = (struct area){(int)floor(extents.x_bearing) - 1, (int)floor(extents.y_bearing) - 1,
                               (int)ceil(extents.x_bearing + extents.width) + 1,
                               (int)ceil(extents.y_bearing + extents.height) + 1};
    cairo_t *cr = begin(mask);

    if (cr == NULL)
        return false;
    cairo_set_scaled_font(cr, typeface->font);
    cairo_show_glyphs(cr, &one, 1);
    return end(cr);
}

const struct mask *masks_glyph(struct masks *masks, enum font_face face, double size, int32_t code)
{
    struct typeface *typeface = typeface_of(masks, face, size);
    struct glyph **slot = &typeface->glyphs[(uint32_t)code % GLYPH_SLOTS];

    for (struct glyph *glyph = *slot; glyph != NULL; glyph = glyph->next)
        if (glyph->code == code)
            return &glyph->mask;
    struct glyph *glyph = calloc(1, sizeof(*glyph));

    if (glyph == NULL)
        return NULL;
    if (!draw_glyph(&glyph->mask, typeface, font_glyph(masks->fonts, face, code))) {
        free(glyph->mask.bytes);
        free(glyph);
        return NULL;
    }
    glyph->code = code;
    glyph->next = *slot;
    *slot = glyph;
    return &glyph->mask;
}

static void outline(cairo_t *cr, const struct shape_key *s)
{
    double r = s->radius;

    if (s->kind == SHAPE_DISC) {
        cairo_arc(cr, s->x, s->y, s->w, 0, 2 * M_PI);
        return;
    }
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

static void draw_edge(cairo_t *cr, const struct shape_key *s)
{
    static const double dashes[] = {4, 3};
    struct shape_key inner = *s;

    if (s->kind == SHAPE_LINE || s->kind == SHAPE_ARROW || s->kind == SHAPE_DOUBLE) {
        cairo_move_to(cr, s->x, s->y);
        cairo_line_to(cr, s->x + s->w, s->y + s->h);
    } else if (s->kind == SHAPE_DISC) {
        outline(cr, s);
    } else {
        inner.x += s->edge_width / 2;
        inner.y += s->edge_width / 2;
        inner.w -= s->edge_width;
        inner.h -= s->edge_width;
        if (inner.w <= 0 || inner.h <= 0)
            return;
        outline(cr, &inner);
    }
    cairo_set_line_width(cr, s->edge_width);
    cairo_set_dash(cr, dashes, s->dashed != 0 ? 2 : 0, 0);
    cairo_stroke(cr);
}

enum { HEAD_LENGTH = 7 };

/* The head of an arrow whose tip is at x, y and that points along dx, dy. */
static void draw_head(cairo_t *cr, double x, double y, double dx, double dy)
{
    double length = sqrt(dx * dx + dy * dy);

    if (length <= 0)
        return;
    dx *= HEAD_LENGTH / length;
    dy *= HEAD_LENGTH / length;
    cairo_move_to(cr, x, y);
    cairo_line_to(cr, x - dx - dy / 2, y - dy + dx / 2);
    cairo_line_to(cr, x - dx + dy / 2, y - dy - dx / 2);
    cairo_close_path(cr);
    cairo_fill(cr);
}

static void draw_part(cairo_t *cr, const struct shape_key *s)
{
    switch ((enum mask_part)s->part) {
    case MASK_INSIDE:
        outline(cr, s);
        cairo_fill(cr);
        break;
    case MASK_HEAD:
        draw_head(cr, s->x + s->w, s->y + s->h, s->w, s->h);
        break;
    case MASK_TAIL:
        draw_head(cr, s->x, s->y, -s->w, -s->h);
        break;
    case MASK_EDGE:
    default:
        draw_edge(cr, s);
        break;
    }
}

struct area masks_shape_area(const struct shape *s, double scale)
{
    bool line = s->kind == SHAPE_LINE || s->kind == SHAPE_ARROW || s->kind == SHAPE_DOUBLE;
    double margin = (line ? HEAD_LENGTH + s->edge_width : s->edge_width) * scale + 1;
    double x0 = s->kind == SHAPE_DISC ? s->x - s->w : fmin(s->x, s->x + s->w);
    double y0 = s->kind == SHAPE_DISC ? s->y - s->w : fmin(s->y, s->y + s->h);
    double x1 = s->kind == SHAPE_DISC ? s->x + s->w : fmax(s->x, s->x + s->w);
    double y1 = s->kind == SHAPE_DISC ? s->y + s->w : fmax(s->y, s->y + s->h);

    return (struct area){(int)floor(x0 * scale - margin), (int)floor(y0 * scale - margin),
                         (int)ceil(x1 * scale + margin), (int)ceil(y1 * scale + margin)};
}

static bool draw_shape(struct drawn *drawn, const struct shape_key *key)
{
    struct shape moved = {.kind = (enum shape_kind)key->kind,
                          .x = key->x,
                          .y = key->y,
                          .w = key->w,
                          .h = key->h,
                          .edge_width = key->edge_width};

    free(drawn->mask.bytes);
    *drawn = (struct drawn){.mask.area = masks_shape_area(&moved, key->scale)};
    cairo_t *cr = begin(&drawn->mask);

    if (cr == NULL)
        return false;
    cairo_scale(cr, key->scale, key->scale);
    draw_part(cr, key);
    drawn->key = *key;
    return end(cr);
}

/* Not 0. */
static uint32_t sum_of(const struct shape_key *key)
{
    const double numbers[] = {key->x,      key->y,          key->w,     key->h,
                              key->radius, key->edge_width, key->scale, 0};
    uint64_t sum = key->kind * 31 + key->part * 7 + key->dashed + 1;

    for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
        uint64_t bits = 0;

        memcpy(&bits, &numbers[i], sizeof(bits));
        sum = (sum ^ bits) * UINT64_C(0x9E3779B97F4A7C15);
        sum ^= sum >> 32;
    }
    return (uint32_t)sum | 1U;
}

static bool is_same(const struct shape_key *a, const struct shape_key *b)
{
    return a->sum == b->sum && a->kind == b->kind && a->part == b->part && a->dashed == b->dashed &&
           a->x == b->x && a->y == b->y && a->w == b->w && a->h == b->h && a->radius == b->radius &&
           a->edge_width == b->edge_width && a->scale == b->scale;
}

const struct mask *masks_shape(struct masks *masks, const struct shape *s, enum mask_part part,
                               double scale, int *dx, int *dy)
{
    int x = fine_of(s->x * scale);
    int y = fine_of(s->y * scale);
    struct shape_key key = {.x = (x & 0xFF) / 256.0 / scale,
                            .y = (y & 0xFF) / 256.0 / scale,
                            .w = s->w,
                            .h = s->h,
                            .radius = s->radius,
                            .edge_width = part == MASK_EDGE ? s->edge_width : 0,
                            .scale = scale,
                            .kind = (uint32_t)s->kind,
                            .part = (uint32_t)part,
                            .dashed = part == MASK_EDGE && s->dashed ? 1 : 0};
    struct area area = masks_shape_area(s, scale);
    bool large = (int64_t)(area.x1 - area.x0) * (area.y1 - area.y0) > SHAPE_BYTES_MOST;

    *dx = (x - (x & 0xFF)) / 256;
    *dy = (y - (y & 0xFF)) / 256;
    key.sum = sum_of(&key);
    struct drawn *drawn = large ? &masks->large : &masks->drawn[(key.sum >> 1) % SHAPE_SLOTS];

    if (!is_same(&drawn->key, &key) && !draw_shape(drawn, &key))
        return NULL;
    return &drawn->mask;
}
