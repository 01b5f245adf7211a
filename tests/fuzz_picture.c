/* A fuzzer of traces through layout, paint and the other formats, for clang:
 *   clang -g -O1 -fsanitize=fuzzer,address,undefined -D_GNU_SOURCE -I. -isystem /usr/include/stb \
 *       $(pkg-config --cflags cairo freetype2 libdeflate) tests/fuzz_picture.c \
 *       $(ls render/[a-z]*.c | grep -v window) sim/trace/[a-z]*.c sim/base/[a-z]*.c \
 *       $(pkg-config --libs cairo freetype2 libdeflate) -lm -o fuzz_picture &&
 *   ./fuzz_picture -max_len=20000 tests/golden/traces
 * The first byte says how it is drawn; without clang, test_render_mutants does the same in small.
 */
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "render/chrome.h"
#include "render/dot.h"
#include "render/html.h"
#include "render/mermaid.h"
#include "render/render.h"
#include "render/text.h"
#include "sim/base/assert.h"
#include "sim/trace/file.h"
#include "sim/trace/trace.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void write_formats(const struct trace *trace, const struct render_options *options)
{
    struct render_options lines = *options;
    char error[256];
    FILE *out = fopen("/dev/null", "w");

    SIM_ASSERT(out != NULL);
    lines.width = 40 + options->width % 300;
    SIM_ASSERT(render_text(trace, &lines, options->theme == RENDER_DARK, out));
    SIM_ASSERT(render_chrome(trace, options, out));
    SIM_ASSERT(render_dot(trace, options, out));
    (void)render_mermaid(trace, options, out);
    (void)render_markdown(trace, options, out);
    (void)render_html(trace, options, out, error, sizeof(error));
    (void)fclose(out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char error[256];
    unsigned how = size == 0 ? 0 : data[0];
    struct render_options options = {.width = how % 2 == 0 ? 480 : 1000,
                                     .scale = 1,
                                     .theme = (enum render_theme)(how / 2 % 2),
                                     .axis = (enum render_axis)(how / 4 % 3),
                                     .first_step = how / 16,
                                     .tips = how % 3 == 0,
                                     .replay = "again"};
    unsigned char *bytes = NULL;
    size_t length = 0;

    if (size == 0)
        return 0;
    struct trace *trace =
        trace_parse((const char *)data + 1, size - 1, "input", error, sizeof(error));

    if (trace != NULL) {
        SIM_ASSERT(render_png_memory(trace, &options, &bytes, &length, error, sizeof(error)));
        free(bytes);
        SIM_ASSERT(render_svg_memory(trace, &options, &bytes, &length, error, sizeof(error)));
        free(bytes);
        write_formats(trace, &options);
    }
    trace_free(trace);
    return 0;
}
