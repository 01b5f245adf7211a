#include "sim/trace/reader.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

bool reader_fail(struct reader *in, const char *format, ...)
{
    char reason[160];
    va_list args;

    va_start(args, format);
    (void)vsnprintf(reason, sizeof(reason), format, args);
    va_end(args);
    if (!in->failed)
        (void)snprintf(in->error, in->error_size, "%s:%zu: %s", in->name, in->line, reason);
    in->failed = true;
    return false;
}

bool reader_next_line(struct reader *in)
{
    const char *newline = memchr(in->next, '\n', (size_t)(in->end - in->next));

    in->line++;
    if (newline == NULL)
        return reader_fail(in, "the file ends in the middle: it was cut short");
    in->at = in->next;
    in->line_end = newline;
    in->next = newline + 1;
    return true;
}

bool reader_next_begins(const struct reader *in, const char *word)
{
    size_t length = strlen(word);

    return (size_t)(in->end - in->next) > length && memcmp(in->next, word, length) == 0 &&
           in->next[length] == ' ';
}

bool reader_word(struct reader *in, const char *word)
{
    size_t length = strlen(word);

    if ((size_t)(in->line_end - in->at) < length || memcmp(in->at, word, length) != 0 ||
        (in->at + length < in->line_end && in->at[length] != ' '))
        return reader_fail(in, "expected '%s'", word);
    in->at += length;
    return true;
}

bool reader_key(struct reader *in, const char *word)
{
    return reader_next_line(in) && reader_word(in, word);
}

bool reader_space(struct reader *in)
{
    if (in->at == in->line_end || *in->at != ' ')
        return reader_fail(in, "a field is missing");
    in->at++;
    return true;
}

bool reader_number(struct reader *in, int64_t min, int64_t max, int64_t *number)
{
    if (!reader_space(in))
        return false;
    bool negative = in->at < in->line_end && *in->at == '-';
    uint64_t sum = 0;
    int digits = 0;

    for (in->at += negative; in->at < in->line_end && *in->at >= '0' && *in->at <= '9'; in->at++) {
        sum = sum * 10 + (uint64_t)(*in->at - '0');
        if (++digits > 19)
            break;
    }
    if (digits == 0 || digits > 19 || sum > (uint64_t)INT64_MAX + negative)
        return reader_fail(in, "expected a whole number of 64 bits");
    *number = negative ? (int64_t)(0 - sum) : (int64_t)sum;
    if (*number < min || *number > max)
        return reader_fail(in, "%" PRId64 " is not from %" PRId64 " to %" PRId64, *number, min,
                           max);
    return true;
}

bool reader_u32(struct reader *in, uint32_t max, uint32_t *number)
{
    int64_t wide = 0;

    if (!reader_number(in, 0, max, &wide))
        return false;
    *number = (uint32_t)wide;
    return true;
}

bool reader_flag(struct reader *in, bool *value)
{
    uint32_t number = 0;
    bool ok = reader_u32(in, 1, &number);

    *value = number == 1;
    return ok;
}

bool reader_number_line(struct reader *in, const char *word, int64_t min, int64_t max,
                        int64_t *number)
{
    return reader_key(in, word) && reader_number(in, min, max, number) && reader_end(in);
}

bool reader_end(struct reader *in)
{
    return in->at == in->line_end || reader_fail(in, "something follows the last field");
}

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* One byte of an escaped text; -1 after a message. */
static int unescape(struct reader *in, const char *end)
{
    char c = *in->at++;

    if (c != '\\')
        return (unsigned char)c;
    c = '\0';
    if (in->at < end)
        c = *in->at++;
    if (c == '\\')
        return '\\';
    if (c == 'n')
        return '\n';
    if (c == 'x' && end - in->at >= 2) {
        int high = hex_digit(in->at[0]);
        int low = hex_digit(in->at[1]);

        in->at += 2;
        if (high >= 0 && low >= 0 && high + low > 0)
            return 16 * high + low;
    }
    (void)reader_fail(in,
                      "a backslash is not followed by '\\', 'n' or 'x' and two hexadecimal digits");
    return -1;
}

char *reader_text(struct reader *in, const char *end)
{
    char *text = malloc((size_t)(end - in->at) + 1);
    size_t length = 0;

    if (text == NULL) {
        (void)reader_fail(in, "out of memory");
        return NULL;
    }
    while (in->at < end) {
        int byte = *in->at == '\0' ? -1 : unescape(in, end);

        if (byte < 0) {
            (void)reader_fail(in, "a text has a zero byte");
            free(text);
            return NULL;
        }
        text[length++] = (char)byte;
    }
    text[length] = '\0';
    return text;
}

bool reader_rest(struct reader *in, char *out, size_t size)
{
    char *text = reader_space(in) ? reader_text(in, in->line_end) : NULL;

    if (text == NULL)
        return false;
    bool fits = strlen(text) < size;

    if (fits)
        memcpy(out, text, strlen(text) + 1);
    free(text);
    return fits || reader_fail(in, "a text is longer than %zu bytes", size - 1);
}

bool reader_name(struct reader *in, const char *(*name_of)(unsigned), unsigned count,
                 uint8_t *index)
{
    if (!reader_space(in))
        return false;
    const char *space = memchr(in->at, ' ', (size_t)(in->line_end - in->at));
    size_t length = (size_t)((space == NULL ? in->line_end : space) - in->at);

    for (unsigned i = 0; i < count; i++) {
        const char *name = name_of(i);

        if (memcmp(name, in->at, length < strlen(name) ? length : strlen(name)) == 0 &&
            strlen(name) == length) {
            in->at += length;
            *index = (uint8_t)i;
            return true;
        }
    }
    return reader_fail(in, "'%.*s' is not a known name", (int)(length > 40 ? 40 : length), in->at);
}

bool reader_schedule(struct reader *in, struct schedule *schedule)
{
    char reason[128];
    char *text = reader_space(in) ? reader_text(in, in->line_end) : NULL;

    if (text == NULL)
        return false;
    bool ok = schedule_parse(schedule, text, reason, sizeof(reason));

    free(text);
    return ok || reader_fail(in, "schedule: %s", reason);
}
