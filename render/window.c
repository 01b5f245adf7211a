#include "render/window.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "render/paint.h"
#include "render/window_inside.h"
#include "render/world.h"
#include "sim/base/file.h"

enum { PLAY_MS = 250, WIDTH_MIN = 960, HEIGHT_MIN = 600 };

/* Without a display SDL falls back to drivers that draw where nobody looks and never get a key: the
 * window would wait for ever.  Whoever names such a driver means it. */
static bool on_screen(void)
{
    static const char *const screens[] = {"x11", "wayland", "cocoa", "windows"};
    const char *driver = SDL_GetCurrentVideoDriver();

    if (getenv("SDL_VIDEODRIVER") != NULL)
        return true;
    for (size_t i = 0; driver != NULL && i < sizeof(screens) / sizeof(screens[0]); i++)
        if (strcmp(driver, screens[i]) == 0)
            return true;
    (void)SDL_SetError("no display; 'pickglass render' draws pictures without one");
    return false;
}

static bool open_screen(struct window *w)
{
    if (SDL_Init(SDL_INIT_VIDEO) != 0 || !on_screen())
        return false;
    w->window = SDL_CreateWindow("Pickglass", SDL_WINDOWPOS_CENTERED, SDL_WINDOWPOS_CENTERED,
                                 (int)w->view.width, (int)w->view.height,
                                 SDL_WINDOW_RESIZABLE | SDL_WINDOW_ALLOW_HIGHDPI);
    if (w->window == NULL)
        return false;
    SDL_SetWindowMinimumSize(w->window, WIDTH_MIN, HEIGHT_MIN);
    w->renderer = SDL_CreateRenderer(w->window, -1, SDL_RENDERER_PRESENTVSYNC);
    if (w->renderer == NULL)
        w->renderer = SDL_CreateRenderer(w->window, -1, SDL_RENDERER_SOFTWARE);
    return w->renderer != NULL;
}

static bool fit_texture(struct window *w, int width, int height)
{
    if (w->texture != NULL && w->texture_width == width && w->texture_height == height)
        return true;
    if (w->texture != NULL)
        SDL_DestroyTexture(w->texture);
    w->texture = SDL_CreateTexture(w->renderer, SDL_PIXELFORMAT_XRGB8888,
                                   SDL_TEXTUREACCESS_STREAMING, width, height);
    w->texture_width = width;
    w->texture_height = height;
    return w->texture != NULL;
}

/* Paint the view into the texture, and show it. */
bool window_paint(struct window *w)
{
    int width = 0;
    int height = 0;
    int logical_width = 0;
    int logical_height = 0;
    void *pixels = NULL;
    int stride = 0;
    struct scene scene = {0};

    SDL_GetWindowSize(w->window, &logical_width, &logical_height);
    if (SDL_GetRendererOutputSize(w->renderer, &width, &height) != 0 ||
        !fit_texture(w, width, height) || SDL_LockTexture(w->texture, NULL, &pixels, &stride) != 0)
        return false;
    w->view.width = logical_width;
    w->view.height = logical_height;
    view_clamp(&w->view);
    runs_list(&w->runs, &w->view);
    view_draw(&w->view, &scene);
    bool ok = painter_paint(w->painter, &scene, (double)width / logical_width, pixels, width,
                            height, stride);

    scene_free(&scene);
    SDL_UnlockTexture(w->texture);
    SDL_RenderClear(w->renderer);
    SDL_RenderCopy(w->renderer, w->texture, NULL, NULL);
    SDL_RenderPresent(w->renderer);
    return ok;
}

static bool run(struct window *w)
{
    while (!w->quit) {
        SDL_Event event;

        if (!window_paint(w))
            return false;
        if (!w->view.playing && SDL_WaitEvent(&event) == 0)
            return false;
        if (w->view.playing && SDL_WaitEventTimeout(&event, PLAY_MS) == 0) {
            size_t before = w->view.focus;

            view_step(&w->view, 1, false);
            w->view.playing = w->view.focus != before;
            continue;
        }
        do
            window_handle(w, &event);
        while (!w->quit && SDL_PollEvent(&event) != 0);
    }
    return true;
}

void window_close(struct window *w)
{
    if (w->texture != NULL)
        SDL_DestroyTexture(w->texture);
    if (w->renderer != NULL)
        SDL_DestroyRenderer(w->renderer);
    if (w->window != NULL)
        SDL_DestroyWindow(w->window);
    SDL_Quit();
    painter_free(w->painter);
    fonts_free(w->fonts);
    runs_close(&w->runs);
}

bool window_open(struct window *w, const struct trace *trace, const struct render_options *options,
                 const struct window_lab *lab, char *error, size_t error_size)
{
    *w = (struct window){.fonts = fonts_new(error, error_size)};
    bool ok = runs_open(&w->runs, trace, lab);

    if (w->fonts == NULL)
        return false;
    w->painter = painter_new(w->fonts);
    if (!ok || w->painter == NULL) {
        (void)snprintf(error, error_size, "the window: out of memory");
        return false;
    }
    view_init(&w->view, trace, w->runs.list[0].timeline, w->fonts, options);
    w->view.world = w->runs.list[0].world;
    w->view.runs = &w->runs;
    w->view.hits = &w->hits;
    if (open_screen(w))
        return true;
    (void)snprintf(error, error_size, "the window: %s", SDL_GetError());
    return false;
}

/* "waiting: Task-2: sleeps until 20 ms": a fact with its head. */
struct facts {
    FILE *out;
    char head[64];
};

static void write_fact(void *arg, enum world_words kind, uint32_t object, const char *text)
{
    struct facts *facts = arg;

    (void)object;
    if (kind == WORLD_HEAD)
        (void)snprintf(facts->head, sizeof(facts->head), "%s", text);
    else
        (void)fprintf(facts->out, "%s: %s\n", facts->head, text);
}

static void write_world(const struct view *v, FILE *out)
{
    enum { FACTS_MOST = 1000 };
    struct facts facts = {.out = out};

    if (v->trace->event_count == 0)
        return;
    world_seek(v->world, world_after(v->trace, v->focus));
    world_tell(v->world, &(struct world_teller){write_fact, &facts, FACTS_MOST});
}

static void write_runs(const struct runs *runs, FILE *out)
{
    for (int i = 0; i < runs->count; i++) {
        const struct run *run = &runs->list[i];

        (void)fprintf(out, "run %d: %s, %s\n", i + 1, run->words,
                      sim_outcome_name(run->trace->outcome));
        if (run->differs != 0)
            (void)fprintf(out, "run %d differs from run %d at step %u\n", i + 1, run->parent + 1,
                          run->differs);
    }
    if (runs->lower < 0)
        (void)fprintf(out, "shown %d\n", runs->at + 1);
    else
        (void)fprintf(out, "shown %d above %d\nwalked %d\n", runs->upper + 1, runs->lower + 1,
                      runs->at + 1);
    for (size_t i = 0; i < runs->row_count; i++)
        (void)fprintf(out, "option %zu%s: %s\n", i + 1, runs->rows[i].taken ? " taken" : "",
                      runs->rows[i].words);
}

void window_write_state(const struct window *w, FILE *out)
{
    const struct view *v = &w->view;
    const struct trace *trace = v->trace;
    const struct sim_event *e = trace->event_count == 0 ? NULL : &trace->events[v->focus];
    char name[REGISTRY_NAME_MAX] = "";

    if (e != NULL && e->actor != 0)
        (void)registry_name(trace->registry, e->actor, name);
    (void)fprintf(out, "step %u\nactor %s\n", e == NULL ? 0 : e->step, name);
    (void)fprintf(out, "left %.3f\nzoom %.3f\nscroll %.1f\n", v->left, v->zoom, v->scroll);
    (void)fprintf(out, "size %.0f %.0f\n", v->width, v->height);
    (void)fprintf(out, "theme %s\n", v->theme == RENDER_DARK ? "dark" : "light");
    (void)fprintf(out, "playing %d\nhelp %d\n", v->playing ? 1 : 0, v->help ? 1 : 0);
    write_runs(&w->runs, out);
    write_world(v, out);
}

static bool save_state(const struct window *w, const char *path, char *error, size_t error_size)
{
    char *text = NULL;
    size_t length = 0;
    FILE *out = open_memstream(&text, &length);

    if (out == NULL) {
        (void)snprintf(error, error_size, "%s: out of memory", path);
        return false;
    }
    window_write_state(w, out);
    bool ok = fclose(out) == 0 && file_replace(path, text, length, error, error_size);

    free(text);
    return ok;
}

int window_show(const struct trace *trace, const struct render_options *options,
                const struct window_lab *lab, const char *state_path, char *error,
                size_t error_size)
{
    struct window w;
    bool ok = window_open(&w, trace, options, lab, error, error_size);

    if (ok && !run(&w)) {
        (void)snprintf(error, error_size, "the window: %s", SDL_GetError());
        ok = false;
    }
    if (ok && state_path != NULL)
        ok = save_state(&w, state_path, error, error_size);
    window_close(&w);
    return ok ? 0 : -1;
}
