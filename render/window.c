#include "render/window.h"

#include <SDL.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "render/paint.h"
#include "render/window_view.h"

enum { PLAY_MS = 250, WIDTH_MIN = 960, HEIGHT_MIN = 600 };

struct window {
    SDL_Window *window;
    SDL_Renderer *renderer;
    SDL_Texture *texture;
    int texture_width;
    int texture_height;
    struct painter *painter;
    struct view view;
    bool dragging;
    bool moved; /* since the button went down */
    bool quit;
};

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

static bool open_window(struct window *w)
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
static bool redraw(struct window *w)
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

static void write_picture(const struct window *w)
{
    struct render_options options = *w->view.options;

    options.theme = w->view.theme;
    (void)render_png_with(w->painter, w->view.fonts, w->view.trace, &options, "pickglass.png");
}

/* Go to the next or previous numbered step of the first finding. */
static void go_to_mark(struct view *v, int direction)
{
    const struct sim_finding *f = v->trace->finding_count == 0 ? NULL : &v->trace->findings[0];
    uint32_t here = v->trace->event_count == 0 ? 0 : v->trace->events[v->focus].step;
    uint32_t best = 0;

    for (int i = 0; f != NULL && i < f->step_count; i++) {
        uint32_t step = f->steps[i].step;

        if (direction > 0 ? step > here && (best == 0 || step < best) : step < here && step > best)
            best = step;
    }
    if (best != 0)
        view_focus(v, timeline_event_of_step(v->timeline, best));
}

static void on_move_key(struct window *w, SDL_Keycode key, bool shift)
{
    struct view *v = &w->view;

    switch (key) {
    case SDLK_LEFT:
    case SDLK_RIGHT:
        v->playing = false;
        view_step(v, key == SDLK_RIGHT ? 1 : -1, shift);
        break;
    case SDLK_HOME:
        view_focus(v, 0);
        break;
    case SDLK_END:
        view_focus(v, v->trace->event_count == 0 ? 0 : v->trace->event_count - 1);
        break;
    case SDLK_UP:
    case SDLK_DOWN:
        v->scroll += key == SDLK_DOWN ? VIEW_PITCH : -VIEW_PITCH;
        break;
    case SDLK_w:
    case SDLK_s:
        view_zoom(v, key == SDLK_w ? 1.25 : 0.8, v->width / 2);
        break;
    case SDLK_a:
    case SDLK_d:
        v->left += (key == SDLK_d ? 60 : -60) / v->zoom;
        break;
    case SDLK_n:
        go_to_mark(v, shift ? -1 : 1);
        break;
    default:
        break;
    }
    view_clamp(v);
}

static void on_key(struct window *w, const SDL_Keysym *key)
{
    struct view *v = &w->view;
    bool shift = (key->mod & KMOD_SHIFT) != 0;
    Uint32 full = SDL_GetWindowFlags(w->window) & SDL_WINDOW_FULLSCREEN_DESKTOP;

    switch (key->sym) {
    case SDLK_ESCAPE:
        w->quit = !v->help;
        v->help = false;
        break;
    case SDLK_q:
        w->quit = true;
        break;
    case SDLK_QUESTION:
    case SDLK_SLASH:
        v->help = !v->help;
        break;
    case SDLK_SPACE:
        v->playing = !v->playing;
        break;
    case SDLK_f:
        view_fit(v);
        break;
    case SDLK_t:
        v->theme = v->theme == RENDER_DARK ? RENDER_LIGHT : RENDER_DARK;
        break;
    case SDLK_p:
        write_picture(w);
        break;
    case SDLK_F11:
        SDL_SetWindowFullscreen(w->window, full != 0 ? 0 : SDL_WINDOW_FULLSCREEN_DESKTOP);
        break;
    default:
        on_move_key(w, key->sym, shift);
        break;
    }
}

static void on_wheel(struct window *w, const SDL_MouseWheelEvent *wheel)
{
    struct view *v = &w->view;
    SDL_Keymod mod = SDL_GetModState();
    int x = 0;
    int y = 0;

    SDL_GetMouseState(&x, &y);
    if ((mod & KMOD_CTRL) != 0)
        v->scroll -= wheel->y * VIEW_PITCH;
    else if ((mod & KMOD_SHIFT) != 0)
        v->left -= wheel->y * 60 / v->zoom;
    else
        view_zoom(v, wheel->y > 0 ? 1.25 : 0.8, x);
    view_clamp(v);
}

static void on_event(struct window *w, const SDL_Event *event)
{
    struct view *v = &w->view;

    switch (event->type) {
    case SDL_QUIT:
        w->quit = true;
        break;
    case SDL_KEYDOWN:
        on_key(w, &event->key.keysym);
        break;
    case SDL_MOUSEWHEEL:
        on_wheel(w, &event->wheel);
        break;
    case SDL_MOUSEBUTTONDOWN:
        w->dragging = true;
        w->moved = false;
        break;
    case SDL_MOUSEMOTION:
        if (w->dragging && (event->motion.xrel != 0 || event->motion.yrel != 0)) {
            w->moved = true;
            v->left -= event->motion.xrel / v->zoom;
            v->scroll -= event->motion.yrel;
            view_clamp(v);
        }
        break;
    case SDL_MOUSEBUTTONUP:
        if (w->dragging && !w->moved)
            view_click(v, event->button.x, event->button.y);
        w->dragging = false;
        break;
    default:
        break;
    }
}

static bool run(struct window *w)
{
    while (!w->quit) {
        SDL_Event event;

        if (!redraw(w))
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
            on_event(w, &event);
        while (!w->quit && SDL_PollEvent(&event) != 0);
    }
    return true;
}

static void close_window(struct window *w)
{
    if (w->texture != NULL)
        SDL_DestroyTexture(w->texture);
    if (w->renderer != NULL)
        SDL_DestroyRenderer(w->renderer);
    if (w->window != NULL)
        SDL_DestroyWindow(w->window);
    SDL_Quit();
}

int window_show(const struct trace *trace, const struct render_options *options, char *error,
                size_t error_size)
{
    struct window w = {0};
    struct timeline *timeline = timeline_new(trace);
    struct fonts *fonts = fonts_new(error, error_size);
    int result = -1;

    if (timeline == NULL || fonts == NULL) {
        if (fonts != NULL)
            (void)snprintf(error, error_size, "the window: out of memory");
        goto out;
    }
    w.painter = painter_new(fonts);
    view_init(&w.view, trace, timeline, fonts, options);
    if (w.painter != NULL && open_window(&w) && run(&w))
        result = 0;
    else
        (void)snprintf(error, error_size, "the window: %s", SDL_GetError());
    close_window(&w);
out:
    painter_free(w.painter);
    fonts_free(fonts);
    timeline_free(timeline);
    return result;
}
