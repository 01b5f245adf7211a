/* Reader: takes a text file apart, line by line and field by field, and says where it went wrong.
 */
#ifndef SIM_TRACE_READER_H
#define SIM_TRACE_READER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sim/trace/schedule.h"

struct trace;

/* Invariant: at <= line_end <= end; error is set once. */
struct reader {
    const char *at; /* in the current line */
    const char *line_end;
    const char *next; /* line */
    const char *end;
    const char *name;
    size_t line;
    struct trace *trace;
    char *error;
    size_t error_size;
    bool failed;
};

/* Every function returns false, or NULL, after a message that names the line. */

/* The message, if it is the first. */
bool reader_fail(struct reader *in, const char *format, ...) __attribute__((format(printf, 2, 3)));

bool reader_next_line(struct reader *in);

/* Does the next line begin with word?  It is not read yet. */
bool reader_next_begins(const struct reader *in, const char *word);

/* The line goes on with word, and then a space or its end. */
bool reader_word(struct reader *in, const char *word);

/* The next line begins with word. */
bool reader_key(struct reader *in, const char *word);

/* The next line is word, a space and a decimal number from min to max. */
bool reader_number_line(struct reader *in, const char *word, int64_t min, int64_t max,
                        int64_t *number);

bool reader_space(struct reader *in);

/* A space and a decimal number from min to max. */
bool reader_number(struct reader *in, int64_t min, int64_t max, int64_t *number);
bool reader_u32(struct reader *in, uint32_t max, uint32_t *number);

/* A space and 0 or 1. */
bool reader_flag(struct reader *in, bool *value);

/* A space and one of count names, as its index. */
bool reader_name(struct reader *in, const char *(*name_of)(unsigned), unsigned count,
                 uint8_t *index);

/* The text up to end, unescaped.
 *
 * Owner:   the caller, who frees it. */
char *reader_text(struct reader *in, const char *end);

/* A space and the rest of the line, unescaped, into an array of size bytes. */
bool reader_rest(struct reader *in, char *out, size_t size);

/* A space and a schedule to the end of the line; the caller frees it. */
bool reader_schedule(struct reader *in, struct schedule *schedule);

bool reader_end(struct reader *in);

#endif
