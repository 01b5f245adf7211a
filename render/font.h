/* Font: the three faces of a picture, loaded by file, and how wide text is in them. */
#ifndef RENDER_FONT_H
#define RENDER_FONT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum font_face { FONT_SANS, FONT_BOLD, FONT_MONO, FONT_COUNT };

struct fonts;

/* Load DejaVu Sans, Sans Bold and Sans Mono from $PICKGLASS_FONTS, or from where Debian puts them;
 * fontconfig is not asked, so that the same text has the same shape everywhere.  Returns NULL and
 * says what is missing in error. */
struct fonts *fonts_new(char *error, size_t error_size);
void fonts_free(struct fonts *fonts);

/* The FreeType face (an FT_Face). */
void *fonts_face(const struct fonts *fonts, enum font_face face);

/* The width of clean UTF-8 text at size logical pixels. */
double font_width(const struct fonts *fonts, enum font_face face, double size, const char *text);

/* One code point of UTF-8; -1 for a byte that begins none.  Advances past what it read. */
int32_t font_decode(const char **at);

/* Whether a code point may stand in a picture: no control character, and none that XML excludes. */
bool font_can_show(int32_t code);

/* Whether a face has a shape for a code point.  One that it has not is drawn as a box with the
 * number of the code point in it, an em wide. */
bool font_has(const struct fonts *fonts, enum font_face face, int32_t code);

/* The number of that shape in the face; 0: it has none. */
uint32_t font_glyph(const struct fonts *fonts, enum font_face face, int32_t code);

/* How far one code point of text at size moves on: nothing for what only changes its neighbours. */
double font_advance(const struct fonts *fonts, enum font_face face, double size, int32_t code);

/* How many cells of a terminal a code point takes: 0, 1 or 2.
 *
 * As: wcwidth of Markus Kuhn (2007), East Asian Wide of UAX #11, and what is shown as emoji */
int font_cells(int32_t code);

/* How many characters clean UTF-8 text has. */
size_t font_length(const char *text);

enum { FONT_TEXT_MAX = 512 };

/* Copy text as clean UTF-8: bytes that are none, and control characters, become U+FFFD. */
char *font_clean(const char *text, char out[FONT_TEXT_MAX]);

/* The same, shortened in the middle with "…" until it fits; "" if not even that does. */
char *font_fit(const struct fonts *fonts, enum font_face face, double size, const char *text,
               double width, char out[FONT_TEXT_MAX]);

#endif
