#include "render/png.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <libdeflate.h>

/* stb_image_write's own compressor is slow and weak; this one takes its place. */
static unsigned char *compress_zlib(unsigned char *data, int length, int *out_length, int quality)
{
    struct libdeflate_compressor *compressor = libdeflate_alloc_compressor(6);
    size_t bound = libdeflate_zlib_compress_bound(compressor, (size_t)length);
    unsigned char *out = compressor == NULL ? NULL : malloc(bound);
    size_t got =
        out == NULL ? 0 : libdeflate_zlib_compress(compressor, data, (size_t)length, out, bound);

    (void)quality;
    libdeflate_free_compressor(compressor);
    if (got == 0) {
        free(out);
        return NULL;
    }
    *out_length = (int)got;
    return out;
}

#define STBIW_ZLIB_COMPRESS compress_zlib
#define STB_IMAGE_WRITE_STATIC
#define STB_IMAGE_WRITE_IMPLEMENTATION
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wunused-function"
#include <stb_image_write.h>
#pragma GCC diagnostic pop

enum { HEADER = 8 + 25 }; /* signature and IHDR */

static void put_u32(unsigned char *out, uint32_t value)
{
    for (int i = 0; i < 4; i++)
        out[i] = (unsigned char)(value >> (24 - 8 * i));
}

static void put_bytes(unsigned char *out, const char *bytes, size_t length)
{
    for (size_t i = 0; i < length; i++)
        out[i] = (unsigned char)bytes[i];
}

/* Put an iTXt chunk behind the header. */
static bool describe(unsigned char **bytes, size_t *length, const char *text)
{
    static const char key[] = "Description\0\0\0\0"; /* and no compression, language, translation */
    size_t data = sizeof(key) + strlen(text);
    size_t chunk = 12 + data;
    unsigned char *longer = realloc(*bytes, *length + chunk);

    if (longer == NULL)
        return false;
    *bytes = longer;
    memmove(longer + HEADER + chunk, longer + HEADER, *length - HEADER);
    unsigned char *at = longer + HEADER;

    put_u32(at, (uint32_t)data);
    put_bytes(at + 4, "iTXt", 4);
    put_bytes(at + 8, key, sizeof(key));
    put_bytes(at + 8 + sizeof(key), text, strlen(text));
    put_u32(at + 8 + data, libdeflate_crc32(0, at + 4, 4 + data));
    *length += chunk;
    return true;
}

bool png_encode(const unsigned char *pixels, int width, int height, int stride,
                const char *description, unsigned char **bytes, size_t *length)
{
    if (width <= 0 || height <= 0)
        return false;
    unsigned char *rgb = malloc((size_t)width * (size_t)height * 3);
    unsigned char *at = rgb;
    int out_length = 0;

    if (rgb == NULL)
        return false;
    for (int y = 0; y < height; y++) {
        for (int x = 0; x < width; x++) {
            uint32_t pixel = 0;

            memcpy(&pixel, pixels + (size_t)y * (size_t)stride + 4 * (size_t)x, 4);
            *at++ = (unsigned char)(pixel >> 16);
            *at++ = (unsigned char)(pixel >> 8);
            *at++ = (unsigned char)pixel;
        }
    }
    stbi_write_force_png_filter = 0;
    *bytes = stbi_write_png_to_mem(rgb, 3 * width, width, height, 3, &out_length);
    free(rgb);
    if (*bytes == NULL)
        return false;
    *length = (size_t)out_length;
    if (description == NULL || describe(bytes, length, description))
        return true;
    free(*bytes);
    *bytes = NULL;
    return false;
}
