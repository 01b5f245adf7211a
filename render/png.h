/* PNG: pixels as a file in memory. */
#ifndef RENDER_PNG_H
#define RENDER_PNG_H

#include <stdbool.h>
#include <stddef.h>

/* Encode pixels of 0x00RRGGBB, stride bytes a row, with a description (may be NULL) as an iTXt
 * chunk. *bytes is to be freed.  False: out of memory. */
bool png_encode(const unsigned char *pixels, int width, int height, int stride,
                const char *description, unsigned char **bytes, size_t *length);

#endif
