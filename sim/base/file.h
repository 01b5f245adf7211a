/* Files that are there whole or not at all. */
#ifndef SIM_BASE_FILE_H
#define SIM_BASE_FILE_H

#include <stdbool.h>
#include <stddef.h>

/* Write the bytes to a temporary file beside path, and rename it to path.
 *
 * Returns: false with what, where and why in error; path then holds what it held before. */
bool file_replace(const char *path, const void *bytes, size_t length, char *error,
                  size_t error_size);

#endif
