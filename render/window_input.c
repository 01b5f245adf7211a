/* What keys and mouse do. */
#include "render/window_inside.h"

static void say(struct window *w, size_t event)
{
    if (event == SIZE_MAX)
        w->view.message = "There is no other step at which something was chosen.";
    else
        view_focus(&w->view, event);
}

static void try_row(struct window *w, size_t row)
{
    w->runs.message[0] = '\0';
    w->view.playing = false;
    runs_try(&w->runs, &w->view, row);
    w->view.message = w->runs.message;
}

static void show_run(struct window *w, int run)
{
    if (run < 0 || run >= w->runs.count)
        return;
    w->view.playing = false;
    runs_show(&w->runs, &w->view, run);
}

/* Keys of what could be otherwise.  False: it is none of them. */
static bool on_what_if_key(struct window *w, SDL_Keycode key, unsigned mod)
{
    bool shift = (mod & KMOD_SHIFT) != 0;

    if (key >= SDLK_1 && key <= SDLK_9) {
        try_row(w, (size_t)(key - SDLK_1));
        return true;
    }
    if (key >= SDLK_KP_1 && key <= SDLK_KP_9) {
        try_row(w, (size_t)(key - SDLK_KP_1));
        return true;
    }
    switch (key) {
    case SDLK_RETURN:
    case SDLK_KP_ENTER:
        runs_list(&w->runs, &w->view);
        try_row(w, w->runs.picked);
        return true;
    case SDLK_TAB:
        runs_list(&w->runs, &w->view);
        runs_pick(&w->runs, shift ? -1 : 1);
        return true;
    case SDLK_c:
        w->view.playing = false;
        say(w, runs_next_choice(&w->runs, &w->view, shift ? -1 : 1));
        return true;
    case SDLK_o:
        w->view.playing = false;
        runs_swap(&w->runs, &w->view);
        return true;
    case SDLK_LEFTBRACKET:
    case SDLK_RIGHTBRACKET:
        show_run(w, w->runs.at + (key == SDLK_RIGHTBRACKET ? 1 : -1));
        return true;
    default:
        return false;
    }
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
        window_write_picture(w);
        break;
    case SDLK_F11:
        SDL_SetWindowFullscreen(w->window, full != 0 ? 0 : SDL_WINDOW_FULLSCREEN_DESKTOP);
        break;
    default:
        if (!on_what_if_key(w, key->sym, key->mod))
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

/* A line of the side panel that does something.  False: there is none at this place. */
static bool on_hit(struct window *w, double x, double y)
{
    const struct view_hits *hits = &w->hits;
    int at = 0;

    while (at < hits->count && (y < hits->list[at].y || y >= hits->list[at].y + HIT_HEIGHT))
        at++;
    if (x < w->view.width - VIEW_SIDE || at == hits->count)
        return false;
    switch (hits->list[at].what) {
    case HIT_ROW:
        try_row(w, hits->list[at].index);
        break;
    case HIT_RUN:
        show_run(w, (int)hits->list[at].index);
        break;
    case HIT_SWAP:
        runs_swap(&w->runs, &w->view);
        break;
    case HIT_NEXT_CHOICE:
        say(w, hits->list[at].index);
        break;
    case HIT_SAVE:
        window_write_picture(w);
        break;
    default:
        break;
    }
    return true;
}

static void on_click(struct window *w, double x, double y)
{
    struct view other;

    if (on_hit(w, x, y))
        return;
    if (x < w->view.width - VIEW_SIDE && runs_beside(&w->runs, &w->view, &other) &&
        y >= view_top(&other) - VIEW_TITLE && y < view_bottom(&other))
        runs_swap(&w->runs, &w->view);
    view_click(&w->view, x, y);
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
            on_click(w, event->button.x, event->button.y);
        w->dragging = false;
        break;
    default:
        break;
    }
}
