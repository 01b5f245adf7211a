/* What keys and mouse do. */
#include "render/paint.h"
#include "render/window_inside.h"

static void write_picture(struct window *w)
{
    struct render_options options = *w->view.options;

    options.theme = w->view.theme;
    w->view.message =
        render_png_with(w->painter, w->view.fonts, w->view.trace, &options, "pickglass.png")
            ? "The report is in pickglass.png."
            : "pickglass.png could not be written: standard error says why.";
}

static void on_arrow(struct view *v, int direction, unsigned mod)
{
    v->playing = false;
    if ((mod & KMOD_SHIFT) != 0)
        view_switch(v, direction);
    else
        view_step(v, direction, (mod & KMOD_CTRL) != 0);
}

static void on_move_key(struct window *w, SDL_Keycode key, unsigned mod)
{
    struct view *v = &w->view;

    switch (key) {
    case SDLK_LEFT:
    case SDLK_RIGHT:
        on_arrow(v, key == SDLK_RIGHT ? 1 : -1, mod);
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
        view_zoom(v, key == SDLK_w ? 1.25 : 0.8, view_cursor(v));
        break;
    case SDLK_a:
    case SDLK_d:
        v->left += (key == SDLK_d ? 60 : -60) / v->zoom;
        break;
    case SDLK_n:
        view_mark(v, (mod & KMOD_SHIFT) != 0 ? -1 : 1);
        break;
    default:
        break;
    }
    view_clamp(v);
}

static void on_key(struct window *w, const SDL_Keysym *key)
{
    struct view *v = &w->view;
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
        on_move_key(w, key->sym, key->mod);
        break;
    }
}

static void on_wheel(struct window *w, const SDL_MouseWheelEvent *wheel)
{
    struct view *v = &w->view;
    SDL_Keymod mod = SDL_GetModState();

    if ((mod & KMOD_CTRL) != 0)
        v->scroll -= wheel->y * VIEW_PITCH;
    else if ((mod & KMOD_SHIFT) != 0)
        v->left -= wheel->y * 60 / v->zoom;
    else if (wheel->y != 0)
        view_zoom(v, wheel->y > 0 ? 1.25 : 0.8, v->x);
    view_clamp(v);
}

void window_handle(struct window *w, const SDL_Event *event)
{
    struct view *v = &w->view;

    switch (event->type) {
    case SDL_QUIT:
        w->quit = true;
        break;
    case SDL_KEYDOWN:
        v->message = NULL;
        on_key(w, &event->key.keysym);
        break;
    case SDL_MOUSEWHEEL:
        on_wheel(w, &event->wheel);
        break;
    case SDL_MOUSEBUTTONDOWN:
        v->message = NULL;
        w->dragging = true;
        w->moved = false;
        break;
    case SDL_MOUSEMOTION:
        v->x = event->motion.x;
        v->y = event->motion.y;
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
