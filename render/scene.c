#include "render/scene.h"

#include <stdlib.h>
#include <string.h>

#include "sim/base/vec.h"

void scene_free(struct scene *scene)
{
    for (size_t i = 0; i < scene->count; i++)
        free(scene->shapes[i].text);
    free(scene->shapes);
    free(scene->title);
    free(scene->description);
    *scene = (struct scene){0};
}

void scene_add(struct scene *scene, struct shape shape, const char *text)
{
    if (!vec_reserve(&scene->shapes, scene->count + 1, &scene->capacity, sizeof(shape))) {
        scene->out_of_memory = true;
        return;
    }
    shape.text = NULL;
    if (text != NULL) {
        char clean[FONT_TEXT_MAX];

        shape.text = strdup(font_clean(text, clean));
        scene->out_of_memory |= shape.text == NULL;
    }
    scene->shapes[scene->count++] = shape;
}

void scene_rect(struct scene *scene, double x, double y, double w, double h, uint32_t fill)
{
    scene_add(scene,
              (struct shape){.kind = SHAPE_RECT, .x = x, .y = y, .w = w, .h = h, .fill = fill},
              NULL);
}

void scene_line(struct scene *scene, double x1, double y1, double x2, double y2, double width,
                uint32_t colour, bool dashed)
{
    scene_add(scene,
              (struct shape){.kind = SHAPE_LINE,
                             .x = x1,
                             .y = y1,
                             .w = x2 - x1,
                             .h = y2 - y1,
                             .edge_width = width,
                             .edge = colour,
                             .dashed = dashed},
              NULL);
}

void scene_text(struct scene *scene, enum font_face face, double size, double x, double y,
                uint32_t colour, const char *text)
{
    if (text[0] == '\0')
        return;
    scene_add(scene,
              (struct shape){
                  .kind = SHAPE_TEXT, .x = x, .y = y, .size = size, .face = face, .fill = colour},
              text);
}

void scene_tip(struct scene *scene, double x, double y, double w, double h, const char *text)
{
    char *copy = strdup(text);

    scene_add(scene, (struct shape){.kind = SHAPE_TIP, .x = x, .y = y, .w = w, .h = h}, NULL);
    if (copy == NULL || scene->out_of_memory) {
        scene->out_of_memory = true;
        free(copy);
        return;
    }
    scene->shapes[scene->count - 1].text = copy;
}

void scene_dump(const struct scene *scene, FILE *out)
{
    static const char *const names[] = {"rect",   "hatch", "line", "arrow",
                                        "double", "disc",  "text", "tip"};

    (void)fprintf(out, "scene %.1f %.1f\n", scene->width, scene->height);
    for (size_t i = 0; i < scene->count; i++) {
        const struct shape *s = &scene->shapes[i];

        (void)fprintf(out, "%s %.1f %.1f", names[s->kind], s->x, s->y);
        if (s->kind == SHAPE_TEXT)
            (void)fprintf(out, " %.0f face=%d #%06X \"%s\"\n", s->size, (int)s->face,
                          (unsigned)s->fill, s->text == NULL ? "" : s->text);
        else
            (void)fprintf(out, " %.1f %.1f fill=#%06X edge=#%06X/%.1f%s\n", s->w, s->h,
                          (unsigned)s->fill, (unsigned)s->edge, s->edge_width,
                          s->dashed ? " dashed" : "");
    }
}
