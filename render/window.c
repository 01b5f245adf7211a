#include "render/window.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "render/paint.h"
#include "render/window_inside.h"
#include "render/window_walk.h"

/* Steps that one frame plays at most; how long a frame lasts at least; and how long a search goes
 * on between two of them: most of the time is its own, and nobody feels that he waits. */
enum { PLAYED_MOST = 4096, FRAME_MS = 16, SEARCH_MS = 60 };

enum { WIDTH_MIN = 960, HEIGHT_MIN = 600 };

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
    /* Pixels go to an X server as they are: a detour by a texture costs more than it gives. */
    if (strcmp(SDL_GetCurrentVideoDriver(), "x11") == 0)
        (void)SDL_SetHint(SDL_HINT_FRAMEBUFFER_ACCELERATION, "0");
    w->window = SDL_CreateWindow("Pickglass", SDL_WINDOWPOS_CENTERED, SDL_WINDOWPOS_CENTERED,
                                 (int)(w->view.width * w->scale), (int)(w->view.height * w->scale),
                                 SDL_WINDOW_RESIZABLE | SDL_WINDOW_ALLOW_HIGHDPI);
    if (w->window == NULL)
        return false;
    SDL_SetWindowMinimumSize(w->window, (int)ceil(WIDTH_MIN * w->scale),
                             (int)ceil(HEIGHT_MIN * w->scale));
    return true;
}

void window_scale(struct window *w, double scale)
{
    SDL_Rect room = {0};
    int display = SDL_GetWindowDisplayIndex(w->window);
    int width = 0;
    int height = 0;
    int least_width = (int)ceil(WIDTH_MIN * scale);
    int least_height = (int)ceil(HEIGHT_MIN * scale);

    SDL_GetWindowSize(w->window, &width, &height);
    if ((least_width > width || least_height > height) &&
        SDL_GetDisplayUsableBounds(display < 0 ? 0 : display, &room) == 0 &&
        (least_width > room.w || least_height > room.h)) {
        window_say(w, "The screen has no room for larger letters.");
        return;
    }
    w->scale = scale;
    SDL_SetWindowMinimumSize(w->window, least_width, least_height);
}

static bool fit_screen(struct screen *screen, struct painter *painter, int width, int height)
{
    if (screen->pixels != NULL && screen->width == width && screen->height == height)
        return true;
    free(screen->pixels);
    *screen = (struct screen){.pixels = malloc(4 * (size_t)width * (size_t)height),
                              .width = width,
                              .height = height,
                              .stale = true};
    painter_forget(painter);
    if (screen->pixels == NULL)
        (void)SDL_SetError("out of memory");
    return screen->pixels != NULL;
}

/* Bring the pixels of areas onto the screen; all of them, if it may show something else. */
static bool present(struct window *w, SDL_Surface *surface, const struct area *areas, int count)
{
    struct screen *screen = &w->screen;
    const struct area all = {0, 0, screen->width, screen->height};
    SDL_Rect rects[DAMAGE_AREAS_MOST];

    if (screen->stale) {
        areas = &all;
        count = 1;
    }
    if (count == 0)
        return true;
    SDL_Surface *painted =
        SDL_CreateRGBSurfaceWithFormatFrom(screen->pixels, screen->width, screen->height, 32,
                                           4 * screen->width, SDL_PIXELFORMAT_XRGB8888);
    bool ok = painted != NULL;

    for (int i = 0; ok && i < count; i++) {
        SDL_Rect to;

        rects[i] = (SDL_Rect){areas[i].x0, areas[i].y0, areas[i].x1 - areas[i].x0,
                              areas[i].y1 - areas[i].y0};
        to = rects[i]; /* what is drawn is clipped, and so is the rectangle */
        ok = SDL_BlitSurface(painted, &rects[i], surface, &to) == 0;
    }
    SDL_FreeSurface(painted);
    ok = ok && SDL_UpdateWindowSurfaceRects(w->window, rects, count) == 0;
    screen->stale = !ok;
    return ok;
}

/* Paint what has changed in the view, and show it. */
bool window_paint(struct window *w)
{
    int width = 0;
    int height = 0;
    struct scene scene = {0};
    struct area changed[DAMAGE_AREAS_MOST];
    SDL_Surface *surface = SDL_GetWindowSurface(w->window);

    SDL_GetWindowSize(w->window, &width, &height);
    if (surface == NULL || !fit_screen(&w->screen, w->painter, surface->w, surface->h))
        return false;
    struct canvas canvas = {w->screen.pixels, 4 * surface->w, {0, 0, surface->w, surface->h}};

    view_resize(&w->view, width / w->scale, height / w->scale);
    runs_list(&w->runs, &w->view);
    branches_list(&w->branches, &w->view);
    view_draw(&w->view, &scene);
    int count = scene.out_of_memory ? -1
                                    : painter_update(w->painter, &scene, surface->w / w->view.width,
                                                     &canvas, changed);

    scene_free(&scene);
    if (count < 0)
        (void)SDL_SetError("out of memory");
    return count >= 0 && present(w, surface, changed, count);
}

/* How long may be waited for the next event; 0: not at all, -1: for ever. */
static int patience(const struct window *w)
{
    int step_ms = 1000 >> w->view.speed;
    int passed = (int)(SDL_GetTicks() - w->played_ms);

    if (w->find.left > 0 && w->find.open)
        return 0;
    if (!w->view.playing)
        return -1;
    step_ms = step_ms < FRAME_MS ? FRAME_MS : step_ms;
    return passed >= step_ms ? 0 : step_ms - passed;
}

/* Take as many steps as are due. */
static void play(struct window *w)
{
    uint32_t passed = SDL_GetTicks() - w->played_ms;
    uint32_t due = (uint32_t)(((uint64_t)passed << w->view.speed) / 1000);
    size_t before = w->view.focus;

    if (!w->view.playing || due == 0)
        return;
    w->played_ms += (uint32_t)(((uint64_t)due * 1000) >> w->view.speed);
    for (uint32_t i = 0; i < due && i < PLAYED_MOST; i++) {
        before = w->view.focus;
        view_step(&w->view, 1, false);
    }
    if (w->view.focus == before)
        w->view.playing = false;
}

/* Do what was asked for until now, and show it.  False: SDL_GetError says why. */
static bool turn(struct window *w, int wait_ms)
{
    SDL_Event event;

    if (wait_ms < 0 ? SDL_WaitEvent(&event) != 0 : SDL_WaitEventTimeout(&event, wait_ms) != 0)
        do
            window_handle(w, &event);
        while (!w->quit && SDL_PollEvent(&event) != 0);
    play(w);
    if (w->find.open)
        (void)find_work(&w->find, &w->view);
    bool ok = w->quit || window_paint(w);

    w->shown_ms = SDL_GetTicks();
    return ok;
}

/* Between two executions of a search: the window goes on. */
static bool search_goes_on(void *arg)
{
    struct window *w = arg;

    if (SDL_GetTicks() - w->shown_ms >= SEARCH_MS && !turn(w, 0))
        w->quit = true;
    return !w->quit && !w->branches.stop;
}

static void search_each(void *arg, const struct schedule *schedule, uint64_t kinds, bool failing)
{
    struct window *w = arg;

    branches_add(&w->branches, schedule, kinds, failing);
}

bool window_work(struct window *w)
{
    const struct window_search search = {w, search_each, search_goes_on};
    struct branches *b = &w->branches;

    if (b->wanted) {
        b->wanted = false;
        b->searching = true;
        (void)b->lab->explore(b->lab->arg, b->trace, &search, b->verdict, sizeof(b->verdict));
        b->searching = false;
        b->searched = true;
    }
    return w->find.open && find_work(&w->find, &w->view);
}

static bool run(struct window *w)
{
    bool ok = window_paint(w);

    while (ok && !w->quit) {
        if (w->branches.wanted) {
            (void)window_work(w);
            ok = w->quit || window_paint(w);
        }
        ok = ok && (w->quit || turn(w, patience(w)));
    }
    return ok;
}

/* SDL wakes itself by messages to its window, over a connection of its own to the X server.  Where
 * the window is gone when the server comes to one, Xlib ends the program with an error as soon as
 * it reads that, which it does when the connection is closed: that is left to the end of the
 * process, when nobody reads any more. */
static void quit_sdl(void)
{
    const char *driver = SDL_GetCurrentVideoDriver();

    if (driver == NULL || strcmp(driver, "x11") != 0)
        SDL_Quit();
}

void window_close(struct window *w)
{
    if (w->window != NULL)
        SDL_DestroyWindow(w->window);
    quit_sdl();
    free(w->screen.pixels);
    painter_free(w->painter);
    fonts_free(w->fonts);
    branches_close(&w->branches);
    runs_close(&w->runs);
}

bool window_open(struct window *w, const struct trace *trace, const struct window_wishes *wishes,
                 char *error, size_t error_size)
{
    *w = (struct window){.fonts = fonts_new(error, error_size),
                         .state_path = wishes->state_path,
                         .scale = wishes->scale > 0 ? wishes->scale : 1};
    bool ok = runs_open(&w->runs, trace, wishes->lab, wishes->options->axis == RENDER_TIME);

    ok = branches_init(&w->branches, trace, wishes->lab) && ok;
    if (w->fonts == NULL)
        return false;
    w->painter = painter_new(w->fonts);
    if (!ok || w->painter == NULL) {
        (void)snprintf(error, error_size, "the window: out of memory");
        return false;
    }
    struct run *first = &w->runs.list[0];

    if (wishes->options->only_count > 0)
        rows_only(&first->rows, first->timeline, wishes->options->only,
                  wishes->options->only_count);
    view_init(&w->view, first->index, w->fonts, wishes->options);
    w->view.rows = &first->rows;
    w->view.world = first->world;
    w->view.runs = &w->runs;
    w->view.find = &w->find;
    w->view.branches = &w->branches;
    w->view.hits = &w->hits;
    view_clamp(&w->view);
    if (wishes->explore)
        window_do(w, COMMAND_TREE);
    if (open_screen(w))
        return true;
    (void)snprintf(error, error_size, "the window: %s", SDL_GetError());
    return false;
}

int window_show(const struct trace *trace, const struct window_wishes *wishes, char *error,
                size_t error_size)
{
    struct window *w = malloc(sizeof(*w));

    if (w == NULL) {
        (void)snprintf(error, error_size, "the window: out of memory");
        return -1;
    }
    bool ok = window_open(w, trace, wishes, error, error_size);

    if (ok && !run(w)) {
        (void)snprintf(error, error_size, "the window: %s", SDL_GetError());
        ok = false;
    }
    if (ok && wishes->state_path != NULL)
        ok = window_save_state(w, error, error_size);
    window_close(w);
    free(w);
    return ok ? 0 : -1;
}
