#include "sim/base/format.h"

#include <stdint.h>
#include <string.h>

/* What has been written so far; full: something did not fit. */
struct output {
    char *at;
    char *end;
    bool full;
};

static void put(struct output *out, const char *text, size_t length)
{
    if (length > (size_t)(out->end - out->at)) {
        out->full = true;
        return;
    }
    memcpy(out->at, text, length);
    out->at += length;
}

static inline void put_letter(struct output *out, char letter)
{
    if (out->at == out->end)
        out->full = true;
    else
        *out->at++ = letter;
}

/* Copy what comes before the next conversion, letter by letter: that is a word or two.  Returns
 * where it ends. */
static const char *copy_plain(struct output *out, const char *format)
{
    char *at = out->at;
    char *end = out->end;

    while (*format != '%' && *format != '\0' && at < end)
        *at++ = *format++;
    out->full |= *format != '%' && *format != '\0';
    out->at = at;
    return format;
}

static void put_number(struct output *out, uint64_t magnitude, bool negative)
{
    char digits[24];
    size_t count = 0;

    /* Most have a digit or two. */
    do {
        digits[count++] = (char)('0' + magnitude % 10);
        magnitude /= 10;
    } while (magnitude != 0);
    if (negative)
        put_letter(out, '-');
    while (count > 0)
        put_letter(out, digits[--count]);
}

/* How wide a number is: 0 for int, 1 for l, 2 for ll, 3 for z. */
static int read_width(const char **format)
{
    int width = 0;

    if (**format == 'z') {
        ++*format;
        return 3;
    }
    while (**format == 'l' && width < 2) {
        ++*format;
        width++;
    }
    return width;
}

/* One conversion; format is past its '%'.  Returns false if it is none of ours. */
static bool convert(struct output *out, const char **format, va_list *args)
{
    int width = read_width(format);
    char kind = *(*format)++;
    int64_t number = 0;

    if (kind == 'd' || kind == 'i') {
        /* z with d is the signed type of that size, as ptrdiff_t is. */
        number = width == 0   ? va_arg(*args, int)
                 : width == 1 ? va_arg(*args, long)
                 : width == 2 ? va_arg(*args, long long)
                              : va_arg(*args, ptrdiff_t);
        put_number(out, number < 0 ? -(uint64_t)number : (uint64_t)number, number < 0);
        return true;
    }
    if (kind == 'u') {
        put_number(out,
                   width == 0   ? va_arg(*args, unsigned)
                   : width == 1 ? va_arg(*args, unsigned long)
                   : width == 2 ? va_arg(*args, unsigned long long)
                                : va_arg(*args, size_t),
                   false);
        return true;
    }
    if (width != 0)
        return false;
    if (kind == 's') {
        const char *text = va_arg(*args, const char *);

        if (text == NULL)
            return false;
        put(out, text, strlen(text));
        return true;
    }
    if (kind == 'c') {
        char letter = (char)va_arg(*args, int);

        put(out, &letter, 1);
        return true;
    }
    if (kind == '%')
        put(out, "%", 1);
    return kind == '%';
}

bool format_plain(char *out, size_t size, const char *format, va_list args, size_t *length)
{
    struct output output = {.at = out, .end = out + size};
    bool known = true;
    va_list own;

    if (size == 0)
        return false;
    out[0] = '\0';
    va_copy(own, args);
    while (known && !output.full && *format != '\0') {
        format = copy_plain(&output, format);
        if (*format != '%')
            continue;
        format++;
        known = convert(&output, &format, &own);
    }
    va_end(own);
    *length = (size_t)(output.at - out);
    put_letter(&output, '\0');
    return known && !output.full;
}
