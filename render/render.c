#include "render/render.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "render/font.h"
#include "render/paint.h"
#include "render/png.h"
#include "render/scene.h"
#include "render/svg.h"
#include "sim/base/file.h"

/* Where a picture goes: bytes in memory. */
struct target {
    const struct fonts *fonts;
    struct painter *painter; /* NULL for SVG */
    unsigned char *bytes;
    size_t length;
};

static bool encode_png(const struct scene *scene, double scale, struct target *to)
{
    int width = (int)ceil(scene->width * scale);
    int height = (int)ceil(scene->height * scale);
    int stride = 4 * width;
    unsigned char *pixels = calloc((size_t)height, (size_t)stride);
    bool ok =
        pixels != NULL && painter_paint(to->painter, scene, scale, pixels, width, height, stride) &&
        png_encode(pixels, width, height, stride, scene->description, &to->bytes, &to->length);

    free(pixels);
    return ok;
}

static bool draw(const struct trace *trace, const struct render_options *options, struct target *to,
                 char *error, size_t error_size)
{
    struct scene scene = {0};
    bool ok = render_report(trace, options, to->fonts, &scene) &&
              (to->painter != NULL ? encode_png(&scene, options->scale, to)
                                   : svg_encode(&scene, to->fonts, &to->bytes, &to->length));

    if (!ok)
        (void)snprintf(error, error_size, "the picture: out of memory");
    scene_free(&scene);
    return ok;
}

/* Load fonts, draw, and let the fonts go. */
static bool draw_alone(const struct trace *trace, const struct render_options *options, bool png,
                       struct target *to, char *error, size_t error_size)
{
    struct fonts *fonts = fonts_new(error, error_size);

    if (fonts == NULL)
        return false;
    to->fonts = fonts;
    to->painter = png ? painter_new(fonts) : NULL;
    bool ok = !png || to->painter != NULL;

    if (!ok)
        (void)snprintf(error, error_size, "the picture: out of memory");
    ok = ok && draw(trace, options, to, error, error_size);
    painter_free(to->painter);
    fonts_free(fonts);
    return ok;
}

static bool draw_memory(const struct trace *trace, const struct render_options *options, bool png,
                        unsigned char **bytes, size_t *length, char *error, size_t error_size)
{
    struct target to = {0};
    bool ok = draw_alone(trace, options, png, &to, error, error_size);

    *bytes = to.bytes;
    *length = to.length;
    return ok;
}

static bool draw_file(const struct trace *trace, const struct render_options *options, bool png,
                      const char *path, char *error, size_t error_size)
{
    struct target to = {0};
    bool ok = draw_alone(trace, options, png, &to, error, error_size) &&
              file_replace(path, to.bytes, to.length, error, error_size);

    free(to.bytes);
    return ok;
}

bool render_png_memory(const struct trace *trace, const struct render_options *options,
                       unsigned char **bytes, size_t *length, char *error, size_t error_size)
{
    return draw_memory(trace, options, true, bytes, length, error, error_size);
}

bool render_svg_memory(const struct trace *trace, const struct render_options *options,
                       unsigned char **bytes, size_t *length, char *error, size_t error_size)
{
    return draw_memory(trace, options, false, bytes, length, error, error_size);
}

bool render_png(const struct trace *trace, const struct render_options *options, const char *path,
                char *error, size_t error_size)
{
    return draw_file(trace, options, true, path, error, error_size);
}

bool render_svg(const struct trace *trace, const struct render_options *options, const char *path,
                char *error, size_t error_size)
{
    return draw_file(trace, options, false, path, error, error_size);
}

bool render_png_with(struct painter *painter, const struct fonts *fonts, const struct trace *trace,
                     const struct render_options *options, const char *path)
{
    struct target to = {.fonts = fonts, .painter = painter};
    char error[512];
    bool ok = draw(trace, options, &to, error, sizeof(error)) &&
              file_replace(path, to.bytes, to.length, error, sizeof(error));

    if (!ok)
        (void)fprintf(stderr, "pickglass: %s\n", error);
    free(to.bytes);
    return ok;
}
