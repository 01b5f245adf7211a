/* Files that are there whole or not at all, and are read whole. */
#ifndef SIM_BASE_FILE_H
#define SIM_BASE_FILE_H

#include <stdbool.h>
#include <stddef.h>

/* Write the bytes to a temporary file beside path, and rename it to path.
 *
 * Returns: false with what, where and why in error; path then holds what it held before. */
bool file_replace(const char *path, const void *bytes, size_t length, char *error,
                  size_t error_size);

/* The same for what hours were spent on: bytes and name are on the disk (fsync) when it returns, as
 * far as the file system can say, and at any instant before, what path held before is.  That takes
 * as long as the disk does.  If it is the directory that cannot be brought there, path holds the
 * new bytes already. */
bool file_replace_durably(const char *path, const void *bytes, size_t length, char *error,
                          size_t error_size);

/* The same, durable too, for a file that is written again and again: the temporary file is always
 * path.new, so that a process that was killed while it wrote leaves at most one, and the next write
 * takes it over.  Only one process may do that for a path. */
bool file_replace_again(const char *path, const void *bytes, size_t length, char *error,
                        size_t error_size);

/* The whole file, which is at most max bytes long.
 *
 * Owner:   the caller, who frees it.
 * Returns: its bytes and their number in length; NULL with what, where and why in error. */
char *file_read(const char *path, size_t max, size_t *length, char *error, size_t error_size);

#endif
