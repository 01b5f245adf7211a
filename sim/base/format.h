/* Format: what printf writes, for the conversions that names and lines of programs are made of.
 * They are written again in every execution of a search, and printf takes as long for one as the
 * rest of a small execution takes. */
#ifndef SIM_BASE_FORMAT_H
#define SIM_BASE_FORMAT_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>

/* Write what vsnprintf would to out, with a NUL, if format has no other conversions than %d, %i,
 * %u, %s, %c and %% without flags, widths or precisions, each perhaps with l, ll or z, and size is
 * enough.
 *
 * args:    is not changed
 * Returns: false if it cannot: out then holds nothing of use. */
bool format_plain(char *out, size_t size, const char *format, va_list args, size_t *length);

#endif
