#include "render/svg.h"

#include <math.h>
#include <stdlib.h>

#include "render/quote.h"

/* Coordinates to a hundredth: rounded the same on every machine. */
static void number(FILE *out, const char *name, double value)
{
    (void)fprintf(out, " %s=\"%.2f\"", name, round(value * 100) / 100 + 0.0);
}

static void colour(FILE *out, const char *name, uint32_t rgb)
{
    (void)fprintf(out, " %s=\"#%06X\"", name, (unsigned)rgb);
}

static void edge(FILE *out, const struct shape *s)
{
    if (s->edge_width <= 0)
        return;
    colour(out, "stroke", s->edge);
    number(out, "stroke-width", s->edge_width);
    if (s->dashed)
        (void)fputs(" stroke-dasharray=\"4 3\"", out);
}

/* Stripes that rise by as much as they go right, cut off at the edges. */
static void hatch(FILE *out, const struct shape *s)
{
    (void)fputs("<path d=\"", out);
    for (int i = 0; s->h > 0 && 6 * i < s->w + s->h; i++) {
        double x = s->x - s->h + 6 * i; /* at the bottom */
        double left = x < s->x ? s->x : x;
        double right = x + s->h > s->x + s->w ? s->x + s->w : x + s->h;

        if (right > left)
            (void)fprintf(out, "M%.1f %.1fL%.1f %.1f", left, s->y + s->h - (left - x), right,
                          s->y + s->h - (right - x));
    }
    (void)fputs("\" fill=\"none\"", out);
    colour(out, "stroke", s->edge);
    (void)fputs("/>\n", out);
}

static void rect(FILE *out, const struct shape *s)
{
    (void)fputs("<rect", out);
    number(out, "x", s->x);
    number(out, "y", s->y);
    number(out, "width", s->w);
    number(out, "height", s->h);
    if (s->radius > 0)
        number(out, "rx", s->radius);
    if (s->fill == UINT32_MAX)
        (void)fputs(" fill=\"none\"", out);
    else
        colour(out, "fill", s->fill);
    edge(out, s);
    (void)fputs("/>\n", out);
    if (s->kind != SHAPE_HATCH)
        return;
    hatch(out, s);
}

static void head(FILE *out, const struct shape *s, double x, double y, double dx, double dy)
{
    double length = sqrt(dx * dx + dy * dy);

    if (length <= 0)
        return;
    dx /= length;
    dy /= length;
    (void)fprintf(out, "<path d=\"M%.2f %.2fL%.2f %.2fL%.2f %.2fz\"", x, y, x - 7 * dx - 3.5 * dy,
                  y - 7 * dy + 3.5 * dx, x - 7 * dx + 3.5 * dy, y - 7 * dy - 3.5 * dx);
    colour(out, "fill", s->edge);
    (void)fputs("/>\n", out);
}

static void line(FILE *out, const struct shape *s)
{
    (void)fputs("<line", out);
    number(out, "x1", s->x);
    number(out, "y1", s->y);
    number(out, "x2", s->x + s->w);
    number(out, "y2", s->y + s->h);
    edge(out, s);
    (void)fputs("/>\n", out);
    if (s->kind != SHAPE_LINE)
        head(out, s, s->x + s->w, s->y + s->h, s->w, s->h);
    if (s->kind == SHAPE_DOUBLE)
        head(out, s, s->x, s->y, -s->w, -s->h);
}

static bool has_all(const struct fonts *fonts, const struct shape *s)
{
    for (const char *at = s->text; *at != '\0';)
        if (!font_has(fonts, s->face, font_decode(&at)))
            return false;
    return true;
}

static void text(FILE *out, const struct fonts *fonts, const struct shape *s)
{
    static const char *const faces[] = {"", " font-weight=\"bold\"",
                                        " font-family=\"DejaVu Sans Mono, monospace\""};

    (void)fputs("<text", out);
    number(out, "x", s->x);
    number(out, "y", s->y);
    number(out, "font-size", s->size);
    (void)fputs(faces[s->face], out);
    colour(out, "fill", s->fill);
    if (s->text != NULL && !has_all(fonts, s)) {
        number(out, "textLength", font_width(fonts, s->face, s->size, s->text));
        (void)fputs(" lengthAdjust=\"spacingAndGlyphs\"", out);
    }
    (void)fputs(" xml:space=\"preserve\">", out);
    quote_markup(out, s->text == NULL ? "" : s->text);
    (void)fputs("</text>\n", out);
}

/* What is told of a place that one points at. */
static void tip(FILE *out, const struct shape *s)
{
    (void)fputs("<rect", out);
    number(out, "x", s->x);
    number(out, "y", s->y);
    number(out, "width", s->w);
    number(out, "height", s->h);
    (void)fputs(" fill=\"none\" pointer-events=\"all\"><title>", out);
    quote_markup(out, s->text == NULL ? "" : s->text);
    (void)fputs("</title></rect>\n", out);
}

static void shape(FILE *out, const struct fonts *fonts, const struct shape *s)
{
    switch (s->kind) {
    case SHAPE_RECT:
    case SHAPE_HATCH:
        rect(out, s);
        break;
    case SHAPE_DISC:
        (void)fputs("<circle", out);
        number(out, "cx", s->x);
        number(out, "cy", s->y);
        number(out, "r", s->w);
        colour(out, "fill", s->fill);
        edge(out, s);
        (void)fputs("/>\n", out);
        break;
    case SHAPE_TEXT:
        text(out, fonts, s);
        break;
    case SHAPE_TIP:
        tip(out, s);
        break;
    case SHAPE_LINE:
    case SHAPE_ARROW:
    case SHAPE_DOUBLE:
    default:
        line(out, s);
        break;
    }
}

bool svg_encode(const struct scene *scene, const struct fonts *fonts, unsigned char **bytes,
                size_t *length)
{
    char *svg = NULL;
    FILE *out = open_memstream(&svg, length);
    char clean[FONT_TEXT_MAX];

    if (out == NULL)
        return false;
    (void)fprintf(out,
                  "<svg xmlns=\"http://www.w3.org/2000/svg\" role=\"img\" width=\"%.0f\" "
                  "height=\"%.0f\" viewBox=\"0 0 %.0f %.0f\" font-family=\"DejaVu Sans, Verdana, "
                  "sans-serif\">\n<title>",
                  scene->width, scene->height, scene->width, scene->height);
    quote_markup(out, scene->title == NULL ? "" : font_clean(scene->title, clean));
    (void)fputs("</title>\n<desc>", out);
    quote_markup(out, scene->description == NULL ? "" : font_clean(scene->description, clean));
    (void)fputs("</desc>\n<rect width=\"100%\" height=\"100%\"", out);
    colour(out, "fill", scene->background);
    (void)fputs("/>\n", out);
    for (size_t i = 0; i < scene->count; i++)
        shape(out, fonts, &scene->shapes[i]);
    (void)fputs("</svg>\n", out);
    if (fclose(out) != 0) {
        free(svg);
        return false;
    }
    *bytes = (unsigned char *)svg;
    return true;
}
