/* The picture that the window writes. */
#include <math.h>
#include <stdlib.h>

#include "render/paint.h"
#include "render/png.h"
#include "render/window_inside.h"
#include "sim/base/file.h"

static const char picture_path[] = "pickglass.png";

/* Two runs, as large as the window, at the scale of the options. */
static bool write_both(struct window *w, char *error, size_t error_size)
{
    double scale = w->view.options->scale;
    int width = (int)ceil(w->view.width * scale);
    int height = (int)ceil(w->view.height * scale);
    int stride = 4 * width;
    unsigned char *pixels = calloc((size_t)height, (size_t)stride);
    unsigned char *bytes = NULL;
    size_t length = 0;
    struct scene scene = {0};

    view_draw(&w->view, &scene);
    bool ok = pixels != NULL &&
              painter_paint(w->painter, &scene, scale, pixels, width, height, stride) &&
              png_encode(pixels, width, height, stride, w->runs.list[w->runs.lower].words, &bytes,
                         &length);

    if (!ok)
        (void)snprintf(error, error_size, "the picture: out of memory");
    ok = ok && file_replace(picture_path, bytes, length, error, error_size);
    scene_free(&scene);
    free(pixels);
    free(bytes);
    return ok;
}

void window_write_picture(struct window *w)
{
    static const char failed[] = "pickglass.png could not be written: standard error says why.";
    struct render_options options = *w->view.options;
    char error[512] = "";

    w->view.message = NULL;
    runs_list(&w->runs, &w->view);
    if (w->runs.lower >= 0) {
        bool ok = write_both(w, error, sizeof(error));

        if (!ok)
            (void)fprintf(stderr, "pickglass: %s\n", error);
        w->view.message = ok ? "Both runs are in pickglass.png." : failed;
        return;
    }
    options.theme = w->view.theme;
    w->view.message =
        render_png_with(w->painter, w->view.fonts, w->view.trace, &options, picture_path)
            ? "The report is in pickglass.png."
            : failed;
}
