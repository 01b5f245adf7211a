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

typedef bool (*encode_fn)(const struct scene *scene, const struct fonts *fonts, double scale,
                          unsigned char **bytes, size_t *length);

static bool encode_svg(const struct scene *scene, const struct fonts *fonts, double scale,
                       unsigned char **bytes, size_t *length)
{
    (void)fonts;
    (void)scale;
    return svg_encode(scene, bytes, length);
}

static bool encode_png(const struct scene *scene, const struct fonts *fonts, double scale,
                       unsigned char **bytes, size_t *length)
{
    int width = (int)ceil(scene->width * scale);
    int height = (int)ceil(scene->height * scale);
    int stride = 4 * width;
    unsigned char *pixels = calloc((size_t)height, (size_t)stride);
    struct painter *painter = painter_new(fonts);
    bool ok = pixels != NULL && painter != NULL &&
              painter_paint(painter, scene, scale, pixels, width, height, stride) &&
              png_encode(pixels, width, height, stride, scene->description, bytes, length);

    painter_free(painter);
    free(pixels);
    return ok;
}

static bool draw(const struct trace *trace, const struct render_options *options, encode_fn encode,
                 unsigned char **bytes, size_t *length, char *error, size_t error_size)
{
    struct scene scene = {0};
    struct fonts *fonts = fonts_new(error, error_size);

    if (fonts == NULL)
        return false;
    bool ok = render_report(trace, options, fonts, &scene) &&
              encode(&scene, fonts, options->scale, bytes, length);

    if (!ok)
        (void)snprintf(error, error_size, "the picture: out of memory");
    scene_free(&scene);
    fonts_free(fonts);
    return ok;
}

bool render_png_memory(const struct trace *trace, const struct render_options *options,
                       unsigned char **bytes, size_t *length, char *error, size_t error_size)
{
    return draw(trace, options, encode_png, bytes, length, error, error_size);
}

bool render_svg_memory(const struct trace *trace, const struct render_options *options,
                       unsigned char **bytes, size_t *length, char *error, size_t error_size)
{
    return draw(trace, options, encode_svg, bytes, length, error, error_size);
}

static bool draw_file(const struct trace *trace, const struct render_options *options,
                      encode_fn encode, const char *path, char *error, size_t error_size)
{
    unsigned char *bytes = NULL;
    size_t length = 0;
    bool ok = draw(trace, options, encode, &bytes, &length, error, error_size) &&
              file_replace(path, bytes, length, error, error_size);

    free(bytes);
    return ok;
}

bool render_png(const struct trace *trace, const struct render_options *options, const char *path,
                char *error, size_t error_size)
{
    return draw_file(trace, options, encode_png, path, error, error_size);
}

bool render_svg(const struct trace *trace, const struct render_options *options, const char *path,
                char *error, size_t error_size)
{
    return draw_file(trace, options, encode_svg, path, error, error_size);
}
