#include "render/row.h"

#include <string.h>

#include "render/font.h"

static const char *const signs[SIGN_COUNT][2] = {
    [SIGN_CREATED] = {"\xE2\x94\x84", "."},   [SIGN_READY] = {"\xE2\x96\x84", "="},
    [SIGN_RUNNING] = {"\xE2\x96\x88", "#"},   [SIGN_AWAITING] = {"\xE2\x94\x80", "-"},
    [SIGN_BLOCKED] = {"\xE2\x96\x92", "x"},   [SIGN_DONE] = {"\xE2\x94\x83", "|"},
    [SIGN_CANCELLED] = {"\xE2\x8A\x98", "/"}, [SIGN_FAILED] = {"\xE2\x9C\x97", "X"},
    [SIGN_HELD_FROM] = {"\xE2\x94\x97", "["}, [SIGN_HELD] = {"\xE2\x94\x81", "_"},
    [SIGN_HELD_TO] = {"\xE2\x94\x9B", "]"},   [SIGN_FOLD] = {"\xE2\x89\x88", "~"},
    [SIGN_DOT] = {"\xC2\xB7", "-"},           [SIGN_VALUE] = {"\xE2\x94\x82", "|"},
};

void row_clear(struct row *row)
{
    memset(row->cells, 0, sizeof(row->cells));
}

const char *row_sign(const struct row *row, enum sign sign)
{
    return signs[sign][row->ascii ? 1 : 0];
}

/* The second cell of a character that takes two. */
static const char second[] = "\x01";

static bool is_second(const struct row *row, int x)
{
    return x < row->width && row->cells[x][0] == second[0];
}

/* Put a character; one that it halves goes away. */
static void put(struct row *row, int x, const char *bytes, int length)
{
    if (x < 0 || x >= row->width)
        return;
    if (is_second(row, x) && x > 0)
        row->cells[x - 1][0] = '\0';
    if (is_second(row, x + 1))
        row->cells[x + 1][0] = '\0';
    (void)snprintf(row->cells[x], sizeof(row->cells[x]), "%.*s", length, bytes);
}

void row_put(struct row *row, int x, enum sign sign)
{
    put(row, x, row_sign(row, sign), 4);
}

void row_mark(struct row *row, int x, int number)
{
    char circled[] = "\xE2\x91\xA0";

    circled[2] = (char)(circled[2] + number - 1);
    put(row, x, row->ascii ? (char[]){(char)('0' + number), '\0'} : circled, 4);
}

void row_share(struct row *row, int x, double share)
{
    enum { LEVELS = 8, TENTHS = 10 };

    if (row->ascii) {
        int tenths = (int)(share * TENTHS);

        put(row, x, (char[]){(char)(tenths < TENTHS ? '0' + tenths : '!'), '\0'}, 1);
        return;
    }
    char block[] = "\xE2\x96\x81"; /* one eighth */
    int level = (int)(share * LEVELS + 0.5);

    /* Only what is all looks like all, and only what is nothing like nothing. */
    level = share >= 1                ? LEVELS
            : level == LEVELS         ? LEVELS - 1
            : level == 0 && share > 0 ? 1
                                      : level;
    block[2] = (char)(block[2] + level - 1);
    put(row, x, level == 0 ? "_" : block, 4);
}

/* Bytes of the character that begins here, in clean UTF-8. */
static int bytes_of(const char *at)
{
    unsigned char lead = (unsigned char)*at;

    return lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
}

/* Clean text; in ASCII, with a question mark for each character that is not. */
static char *clean(const struct row *row, const char *text, char out[FONT_TEXT_MAX])
{
    char *to = out;

    (void)font_clean(text, out);
    for (const char *at = out; row->ascii && *at != '\0'; at += bytes_of(at))
        *to++ = (char)(bytes_of(at) == 1 ? *at
                       : strncmp(at, "\xE2\x80\x9C", 3) == 0 || strncmp(at, "\xE2\x80\x9D", 3) == 0
                           ? '"'
                           : '?');
    if (row->ascii)
        *to = '\0';
    return out;
}

/* Cells of clean text. */
static int cells_of(const char *text)
{
    int cells = 0;

    while (*text != '\0')
        cells += font_cells(font_decode(&text));
    return cells;
}

int row_length(const struct row *row, const char *text)
{
    char cleaned[FONT_TEXT_MAX];

    return cells_of(clean(row, text, cleaned));
}

/* Put the characters that stand in the cells from..to of a text, from cell x on.  Returns where the
 * next would stand. */
static int put_part(struct row *row, int x, const char *text, int from, int to)
{
    int cell = 0;

    while (*text != '\0') {
        const char *start = text;
        int cells = font_cells(font_decode(&text));

        if (cells > 0 && cell >= from && cell + cells <= to) {
            put(row, x, start, (int)(text - start));
            if (cells == 2)
                put(row, x + 1, second, 1);
            x += cells;
        }
        cell += cells;
    }
    return x;
}

int row_text(struct row *row, int x, int room, const char *text)
{
    char cleaned[FONT_TEXT_MAX];
    int length = cells_of(clean(row, text, cleaned));
    int begin = x;

    if (room <= 0)
        return 0;
    if (length <= room)
        return put_part(row, x, cleaned, 0, length) - begin;
    x = put_part(row, x, cleaned, 0, room / 2);
    put(row, x++, row->ascii ? "~" : "\xE2\x80\xA6", 4);
    return put_part(row, x, cleaned, length - (room - room / 2 - 1), length) - begin;
}

void row_print(const struct row *row, FILE *out)
{
    int end = row->width;

    while (end > 0 && (row->cells[end - 1][0] == '\0' || row->cells[end - 1][0] == ' '))
        end--;
    for (int x = 0; x < end; x++)
        if (!is_second(row, x))
            (void)fputs(row->cells[x][0] == '\0' ? " " : row->cells[x], out);
    (void)fputc('\n', out);
}

void row_wrap(const struct row *row, FILE *out, int indent, const char *text)
{
    char cleaned[FONT_TEXT_MAX];
    char *save = NULL;
    int used = 0;

    for (char *word = strtok_r(clean(row, text, cleaned), " ", &save); word != NULL;
         word = strtok_r(NULL, " ", &save)) {
        int length = cells_of(word);

        if (used > indent && used + 1 + length > row->width) {
            (void)fprintf(out, "\n%*s", indent, "");
            used = indent;
        } else if (used > 0) {
            (void)fputc(' ', out);
            used++;
        }
        (void)fputs(word, out);
        used += length;
    }
    (void)fputc('\n', out);
}
