/* SVG: a scene as a text file with real text, that browsers can search and read aloud. */
#ifndef RENDER_SVG_H
#define RENDER_SVG_H

#include "render/scene.h"

/* *bytes is to be freed.  False: out of memory. */
bool svg_encode(const struct scene *scene, unsigned char **bytes, size_t *length);

#endif
