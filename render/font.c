#include "render/font.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <ft2build.h>
#include FT_FREETYPE_H

#ifndef PICKGLASS_FONT_DIR
#define PICKGLASS_FONT_DIR "/usr/share/fonts/truetype/dejavu"
#endif

/* What is asked of a face for every character of every text, kept for those below a limit: there
 * are most of those that are written. */
enum { KNOWN_LIMIT = 0x2800 };

struct known {
    uint16_t glyph;
    int16_t advance; /* in units of the face */
    bool asked;
};

struct fonts {
    FT_Library library;
    FT_Face faces[FONT_COUNT];
    struct known *known[FONT_COUNT];
};

static const char *const files[FONT_COUNT] = {"DejaVuSans.ttf", "DejaVuSans-Bold.ttf",
                                              "DejaVuSansMono.ttf"};

struct fonts *fonts_new(char *error, size_t error_size)
{
    const char *dir = getenv("PICKGLASS_FONTS");
    struct fonts *fonts = calloc(1, sizeof(*fonts));

    if (dir == NULL || dir[0] == '\0')
        dir = PICKGLASS_FONT_DIR;
    if (fonts == NULL || FT_Init_FreeType(&fonts->library) != 0) {
        (void)snprintf(error, error_size, "fonts: out of memory");
        free(fonts);
        return NULL;
    }
    for (int i = 0; i < FONT_COUNT; i++) {
        char path[1024];

        (void)snprintf(path, sizeof(path), "%s/%s", dir, files[i]);
        if (FT_New_Face(fonts->library, path, 0, &fonts->faces[i]) != 0) {
            (void)snprintf(error, error_size,
                           "%s: cannot load the font (Debian: package fonts-dejavu-core; or set "
                           "PICKGLASS_FONTS to its folder)",
                           path);
            fonts_free(fonts);
            return NULL;
        }
        fonts->known[i] = calloc(KNOWN_LIMIT, sizeof(*fonts->known[i]));
        if (fonts->known[i] == NULL) {
            (void)snprintf(error, error_size, "fonts: out of memory");
            fonts_free(fonts);
            return NULL;
        }
    }
    return fonts;
}

void fonts_free(struct fonts *fonts)
{
    if (fonts == NULL)
        return;
    for (int i = 0; i < FONT_COUNT; i++) {
        if (fonts->faces[i] != NULL)
            (void)FT_Done_Face(fonts->faces[i]);
        free(fonts->known[i]);
    }
    (void)FT_Done_FreeType(fonts->library);
    free(fonts);
}

void *fonts_face(const struct fonts *fonts, enum font_face face)
{
    return fonts->faces[face];
}

int32_t font_decode(const char **at)
{
    const unsigned char *s = (const unsigned char *)*at;
    int extra = s[0] < 0x80 ? 0 : s[0] >= 0xF0 ? 3 : s[0] >= 0xE0 ? 2 : 1;
    static const int32_t least[] = {0, 0x80, 0x800, 0x10000};
    int32_t code = extra == 0 ? s[0] : s[0] & (0x3F >> extra);

    ++*at;
    if (s[0] >= 0xF8 || (s[0] >= 0x80 && s[0] < 0xC0))
        return -1;
    for (int i = 1; i <= extra; i++) {
        if ((s[i] & 0xC0) != 0x80)
            return -1;
        code = code << 6 | (s[i] & 0x3F);
    }
    if (code < least[extra] || code > 0x10FFFF || (code >= 0xD800 && code < 0xE000))
        return -1;
    *at += extra;
    return code;
}

bool font_can_show(int32_t code)
{
    return code >= 0x20 && (code < 0x7F || code >= 0xA0) && code != 0xFFFE && code != 0xFFFF;
}

char *font_clean(const char *text, char out[FONT_TEXT_MAX])
{
    size_t used = 0;

    while (*text != '\0' && used + 5 < FONT_TEXT_MAX) {
        const char *start = text;
        int32_t code = font_decode(&text);
        bool bad = !font_can_show(code);
        const char *bytes = bad ? "\xEF\xBF\xBD" : start;
        size_t length = bad ? 3 : (size_t)(text - start);

        memcpy(out + used, bytes, length);
        used += length;
    }
    out[used] = '\0';
    return out;
}

struct range {
    int32_t first;
    int32_t last;
};

static bool is_in(int32_t code, const struct range *ranges, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (code >= ranges[i].first && code <= ranges[i].last)
            return true;
    return false;
}

/* Marks over others, joiners, selectors of variants. */
static bool is_mark(int32_t code)
{
    static const struct range marks[] = {
        {0x0300, 0x036F}, {0x0483, 0x0489}, {0x0591, 0x05BD},  {0x064B, 0x065F}, {0x1AB0, 0x1AFF},
        {0x1DC0, 0x1DFF}, {0x200B, 0x200F}, {0x20D0, 0x20FF},  {0x2060, 0x2064}, {0xFE00, 0xFE0F},
        {0xFE20, 0xFE2F}, {0xFEFF, 0xFEFF}, {0xE0000, 0xE01EF}};

    return is_in(code, marks, sizeof(marks) / sizeof(marks[0]));
}

int font_cells(int32_t code)
{
    static const struct range wide[] = {
        {0x1100, 0x115F},   {0x231A, 0x231B},   {0x2E80, 0x303E},   {0x3041, 0x4DBF},
        {0x4E00, 0xA4CF},   {0xA960, 0xA97F},   {0xAC00, 0xD7A3},   {0xF900, 0xFAFF},
        {0xFE30, 0xFE6F},   {0xFF00, 0xFF60},   {0xFFE0, 0xFFE6},   {0x1F300, 0x1F64F},
        {0x1F680, 0x1F6FF}, {0x1F900, 0x1F9FF}, {0x1FA70, 0x1FAFF}, {0x20000, 0x3FFFD}};

    return is_mark(code) ? 0 : is_in(code, wide, sizeof(wide) / sizeof(wide[0])) ? 2 : 1;
}

/* Ask the face itself. */
static struct known ask(FT_Face face, int32_t code)
{
    struct known known = {.asked = true};
    FT_UInt glyph = FT_Get_Char_Index(face, code < 0 ? 0xFFFD : (FT_ULong)code);

    known.glyph = (uint16_t)glyph; /* a TrueType face has no more than 65,535 */
    if (FT_Load_Glyph(face, glyph, FT_LOAD_NO_SCALE) == 0)
        known.advance = (int16_t)face->glyph->metrics.horiAdvance;
    return known;
}

static struct known know(const struct fonts *fonts, enum font_face face, int32_t code)
{
    if (code < 0 || code >= KNOWN_LIMIT)
        return ask(fonts->faces[face], code);
    struct known *known = &fonts->known[face][code];

    if (!known->asked)
        *known = ask(fonts->faces[face], code);
    return *known;
}

bool font_has(const struct fonts *fonts, enum font_face face, int32_t code)
{
    return font_glyph(fonts, face, code) != 0;
}

uint32_t font_glyph(const struct fonts *fonts, enum font_face face, int32_t code)
{
    return know(fonts, face, code).glyph;
}

double font_advance(const struct fonts *fonts, enum font_face face, double size, int32_t code)
{
    if (code >= 0x300 && is_mark(code))
        return 0;
    struct known known = know(fonts, face, code);

    if (known.glyph == 0)
        return size;
    return (double)known.advance * size / (double)fonts->faces[face]->units_per_EM;
}

double font_width(const struct fonts *fonts, enum font_face face, double size, const char *text)
{
    double width = 0;

    while (*text != '\0')
        width += font_advance(fonts, face, size, font_decode(&text));
    return width;
}

size_t font_length(const char *text)
{
    size_t count = 0;

    for (; *text != '\0'; count++)
        (void)font_decode(&text);
    return count;
}

/* The byte offset of the n-th code point. */
static size_t offset_of(const char *text, size_t n)
{
    const char *at = text;

    while (n-- > 0 && *at != '\0')
        (void)font_decode(&at);
    return (size_t)(at - text);
}

/* The first and the last of the characters of a text, and "â¦" for those between. */
static void shorten(const char *whole, size_t count, size_t keep, char out[FONT_TEXT_MAX])
{
    size_t head = offset_of(whole, (keep + 1) / 2);
    size_t tail = offset_of(whole, count - keep / 2);

    (void)snprintf(out, FONT_TEXT_MAX, "%.*s\xE2\x80\xA6%s", (int)head, whole, whole + tail);
}

char *font_fit(const struct fonts *fonts, enum font_face face, double size, const char *text,
               double width, char out[FONT_TEXT_MAX])
{
    char whole[FONT_TEXT_MAX];
    size_t count = font_length(font_clean(text, whole));

    (void)memcpy(out, whole, strlen(whole) + 1);
    if (font_width(fonts, face, size, out) <= width)
        return out;
    size_t low = 1; /* what fits, or less than what is understood */
    size_t high = count > 0 ? count : 1;

    while (low + 1 < high) {
        size_t keep = low + (high - low) / 2;

        shorten(whole, count, keep, out);
        if (font_width(fonts, face, size, out) <= width)
            low = keep;
        else
            high = keep;
    }
    out[0] = '\0';
    if (low > 1)
        shorten(whole, count, low, out);
    return out;
}
