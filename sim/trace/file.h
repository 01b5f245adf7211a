/* The trace file: text, line by line, versioned; described in docs/trace-format.md. */
#ifndef SIM_TRACE_FILE_H
#define SIM_TRACE_FILE_H

#include <stdbool.h>
#include <stddef.h>

struct trace;

/* Write the trace to path, through a temporary file beside it and a rename, so that path holds
 * either all of it or what it held before.  Returns false and writes what, where and why to error.
 */
bool trace_write(const struct trace *trace, const char *path, char *error, size_t error_size);

/* The whole file as one string of *length bytes, to be freed; NULL when out of memory. */
char *trace_format(const struct trace *trace, size_t *length);

/* Read a trace.  Returns NULL and writes file, line number and reason to error if it is missing,
 * malformed, of another version or too large; never crashes, whatever the bytes. */
struct trace *trace_read(const char *path, char *error, size_t error_size);

/* The same from memory; name stands for the file in errors. */
struct trace *trace_parse(const char *text, size_t length, const char *name, char *error,
                          size_t error_size);

#endif
