/* SVG: a scene as a text file with real text, that browsers can search and read aloud. */
#ifndef RENDER_SVG_H
#define RENDER_SVG_H

#include "render/scene.h"

/* Text with characters that fonts has not is kept as wide as the scene takes it to be, whatever the
 * font is that a reader has for them.  *bytes is to be freed.  False: out of memory. */
bool svg_encode(const struct scene *scene, const struct fonts *fonts, unsigned char **bytes,
                size_t *length);

#endif
