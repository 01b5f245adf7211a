/* What keys and the mouse do. */
#include "render/window_inside.h"
#include "render/window_walk.h"

/* While something is searched.  False: the key is for others. */
static bool on_find_key(struct window *w, SDL_Keycode key)
{
    struct find *f = &w->find;

    switch (key) {
    case SDLK_ESCAPE:
        f->open = false;
        f->picks_out = false;
        return true;
    case SDLK_RETURN:
    case SDLK_KP_ENTER:
        f->open = false;
        w->view.playing = false;
        window_say(w, find_go(f, &w->view, f->picked)
                          ? "What does not have the text is faint, until Esc is pressed."
                          : "Nothing has that.");
        return true;
    case SDLK_BACKSPACE:
        find_erase(f, &w->view);
        return true;
    case SDLK_UP:
    case SDLK_DOWN:
        find_pick(f, key == SDLK_DOWN ? 1 : -1);
        return true;
    default:
        /* Letters are typed; keys that write nothing are as ever. */
        return key < SDLK_DELETE || (key & SDLK_SCANCODE_MASK) == 0;
    }
}

/* In the tree of choices. */
static bool on_tree_key(struct window *w, SDL_Keycode key, unsigned mod)
{
    struct branches *b = &w->branches;
    const struct view *v = &w->view;
    int64_t page = (int64_t)((v->height - VIEW_BOTTOM - branches_top()) / BRANCH_PITCH) - 1;

    switch (key) {
    case SDLK_UP:
    case SDLK_DOWN:
        branches_move(b, v, key == SDLK_DOWN ? 1 : -1);
        return true;
    case SDLK_PAGEUP:
    case SDLK_PAGEDOWN:
        branches_move(b, v, key == SDLK_PAGEDOWN ? page : -page);
        return true;
    case SDLK_HOME:
    case SDLK_END:
        branches_move(b, v, key == SDLK_END ? INT32_MAX : -(int64_t)INT32_MAX);
        return true;
    case SDLK_LEFT:
        branches_out(b, v);
        return true;
    case SDLK_RIGHT:
        branches_in(b, v);
        return true;
    case SDLK_RETURN:
    case SDLK_KP_ENTER:
        window_open_branch(w);
        return true;
    case SDLK_x:
        b->stop = true;
        return true;
    case SDLK_n:
        if ((mod & KMOD_SHIFT) == 0 && !branches_next_failing(b, v))
            window_say(w, "No run behind this one fails.");
        return true;
    default:
        return false;
    }
}

/* A keyboard that writes other letters has the keys in the same places. */
static SDL_Keycode key_of(const SDL_Keysym *key)
{
    if (key->sym >= 128 && (key->sym & SDLK_SCANCODE_MASK) == 0 &&
        key->scancode >= SDL_SCANCODE_A && key->scancode <= SDL_SCANCODE_Z)
        return SDLK_a + (SDL_Keycode)(key->scancode - SDL_SCANCODE_A);
    return key->sym;
}

static void on_key(struct window *w, const SDL_Keysym *key)
{
    SDL_Keycode sym = key_of(key);

    w->held = key->mod;
    /* What is written is what was said before. */
    if (sym != SDLK_F12)
        w->view.message = NULL;
    bool closes_help = w->view.help && sym == SDLK_ESCAPE;

    if (!closes_help && ((w->find.open && on_find_key(w, sym)) ||
                         (w->branches.shown && on_tree_key(w, sym, key->mod))))
        return;
    window_do(w, command_of_key(sym, key->mod));
}

static void on_text(struct window *w, const char *text)
{
    /* Ctrl with a key that writes is another key; with Alt or AltGr it may be needed to write. */
    if ((w->held & KMOD_CTRL) != 0 && (w->held & (KMOD_ALT | KMOD_MODE)) == 0)
        return;
    if (w->find.open) {
        find_type(&w->find, &w->view, text);
        return;
    }
    window_do(w, command_of_text(text));
}

static void on_wheel(struct window *w, const SDL_MouseWheelEvent *wheel)
{
    struct view *v = &w->view;
    SDL_Keymod mod = SDL_GetModState();
    bool lanes = v->x < v->width - VIEW_SIDE && v->y < v->height - VIEW_BOTTOM;

    if (w->branches.shown)
        w->branches.scroll -= wheel->y * 3 * BRANCH_PITCH;
    else if ((mod & KMOD_ALT) != 0)
        view_change_look(v, wheel->y > 0 ? 1 : wheel->y < 0 ? -1 : 0, v->y);
    else if ((mod & KMOD_CTRL) != 0 || (lanes && v->x < VIEW_NAMES))
        v->scroll -= wheel->y * VIEW_PITCH;
    else if ((mod & KMOD_SHIFT) != 0)
        v->left -= (wheel->y != 0 ? wheel->y : -wheel->x) * 60 / v->zoom;
    else if (wheel->y != 0 && lanes)
        view_zoom(v, wheel->y > 0 ? 1.25 : 0.8, v->x);
    else if (wheel->y != 0)
        view_step(v, wheel->y > 0 ? -1 : 1, false);
    else if (wheel->x != 0)
        v->left += wheel->x * 60 / v->zoom;
    view_clamp(v);
}

static void do_hit(struct window *w, enum view_hit what, size_t index)
{
    switch (what) {
    case HIT_COMMAND:
        window_do(w, (enum command)index);
        break;
    case HIT_ROW:
        window_try(w, index);
        break;
    case HIT_RUN:
        w->branches.shown = false;
        window_show_run(w, (int)index);
        break;
    case HIT_SWAP:
        runs_swap(&w->runs, &w->view);
        break;
    case HIT_NEXT_CHOICE:
    case HIT_EVENT:
        view_focus(&w->view, index);
        break;
    case HIT_SAVE:
        window_write_picture(w);
        break;
    case HIT_PIN:
    case HIT_HIDE:
        window_mark_lane(w, (uint32_t)index, what == HIT_PIN ? ROW_PINNED : ROW_HIDDEN);
        break;
    case HIT_FOUND:
        w->find.open = false;
        (void)find_go(&w->find, &w->view, (int)index);
        break;
    case HIT_NODE:
        branches_pick(&w->branches, index);
        break;
    case HIT_FOLD:
        branches_toggle(&w->branches, index);
        break;
    default:
        break;
    }
}

/* What was drawn last lies above.  -1: nothing is there. */
static int hit_at(const struct view_hits *hits, double x, double y)
{
    for (int i = hits->count - 1; i >= 0; i--)
        if (x >= hits->list[i].x && x < hits->list[i].x + hits->list[i].w && y >= hits->list[i].y &&
            y < hits->list[i].y + hits->list[i].h)
            return i;
    return -1;
}

static void on_click(struct window *w, double x, double y, bool twice)
{
    struct view *v = &w->view;
    struct view other;
    int hit = hit_at(&w->hits, x, y);

    if (hit >= 0) {
        enum view_hit what = w->hits.list[hit].what;

        if (what != HIT_COMMAND)
            v->playing = false;
        if (what == HIT_NODE && twice)
            window_open_branch(w);
        else
            do_hit(w, what, w->hits.list[hit].index);
        return;
    }
    w->find.open = false;
    if (w->branches.shown && y < v->height - VIEW_BOTTOM)
        return;
    v->playing = false;
    if (x < v->width - VIEW_SIDE && runs_beside(&w->runs, v, &other) &&
        y >= view_top(&other) - VIEW_GAP - VIEW_TITLE && y < view_bottom(&other))
        runs_swap(&w->runs, v);
    view_click(v, x, y);
    if (twice)
        (void)view_enlarge(v, x, y);
}

static void on_button_down(struct window *w, double x, double y)
{
    struct view *v = &w->view;
    bool map = !w->branches.shown && x >= VIEW_NAMES && x < v->width - VIEW_SIDE &&
               y >= VIEW_MAP - 4 && y < VIEW_MAP + VIEW_MAP_HEIGHT + 4;

    v->message = NULL;
    w->grip = map ? GRIP_MAP : GRIP_LANES;
    w->moved = false;
    if (map)
        view_go(v, x);
}

static void on_motion(struct window *w, const SDL_MouseMotionEvent *motion)
{
    struct view *v = &w->view;

    v->x = motion->x / w->scale;
    v->y = motion->y / w->scale;
    if (w->grip == GRIP_NOTHING || (motion->xrel == 0 && motion->yrel == 0))
        return;
    w->moved = true;
    if (w->grip == GRIP_MAP) {
        view_go(v, v->x);
        return;
    }
    if (w->branches.shown) {
        w->branches.scroll -= motion->yrel / w->scale;
        return;
    }
    v->left -= motion->xrel / w->scale / v->zoom;
    v->scroll -= motion->yrel / w->scale;
    view_clamp(v);
}

void window_handle(struct window *w, const SDL_Event *event)
{
    switch (event->type) {
    case SDL_QUIT:
        w->quit = true;
        break;
    case SDL_WINDOWEVENT:
        w->screen.stale = true;
        break;
    case SDL_KEYDOWN:
        on_key(w, &event->key.keysym);
        break;
    case SDL_TEXTINPUT:
        on_text(w, event->text.text);
        break;
    case SDL_MOUSEWHEEL:
        on_wheel(w, &event->wheel);
        break;
    case SDL_MOUSEBUTTONDOWN:
        on_button_down(w, event->button.x / w->scale, event->button.y / w->scale);
        break;
    case SDL_MOUSEMOTION:
        on_motion(w, &event->motion);
        break;
    case SDL_MOUSEBUTTONUP:
        if (w->grip == GRIP_LANES && !w->moved)
            on_click(w, event->button.x / w->scale, event->button.y / w->scale,
                     event->button.clicks == 2);
        w->grip = GRIP_NOTHING;
        break;
    default:
        break;
    }
}
