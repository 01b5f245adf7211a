/* What commands do. */
#include "render/window_inside.h"
#include "render/window_walk.h"

void window_say(struct window *w, const char *words)
{
    (void)SDL_strlcpy(w->message, words, sizeof(w->message));
    w->view.message = w->message;
}

/* Go to an event, or say why not. */
static void go(struct window *w, size_t event, const char *why_not)
{
    if (event == SIZE_MAX)
        window_say(w, why_not);
    else
        view_focus(&w->view, event);
}

void window_try(struct window *w, size_t row)
{
    w->runs.message[0] = '\0';
    runs_try(&w->runs, &w->view, row);
    window_say(w, w->runs.message);
}

void window_show_run(struct window *w, int run)
{
    if (run >= 0 && run < w->runs.count)
        runs_show(&w->runs, &w->view, run);
}

void window_open_branch(struct window *w)
{
    char words[BRANCH_WORDS_MAX];
    char error[256] = "";
    struct trace *trace = branches_run(&w->branches, words, error, sizeof(error));

    if (trace == NULL) {
        window_say(w, error);
        return;
    }
    w->runs.message[0] = '\0';
    int run = runs_take(&w->runs, trace, words);

    if (run < 0) {
        window_say(w, w->runs.message);
        return;
    }
    w->branches.shown = false;
    window_show_run(w, run);
    window_say(w, "E goes back to the tree of choices.");
}

void window_mark_lane(struct window *w, uint32_t lane, enum row_mark mark)
{
    struct rows *rows = &w->runs.list[w->runs.at].rows;

    if (lane == UINT32_MAX)
        window_say(w, "The event loop has no lane; select a step of a task or thread.");
    else if (!rows_mark(rows, lane, mark))
        window_say(w, "This is the last lane that is shown.");
    else if (rows->mark[lane] == ROW_HIDDEN)
        window_say(w, "The lane is hidden; Shift+H shows all again.");
    view_clamp(&w->view);
}

static void clear_lanes(struct window *w, enum row_mark mark)
{
    (void)rows_clear(&w->runs.list[w->runs.at].rows, mark);
    view_clamp(&w->view);
}

/* Of steps.  False: it is none of these. */
static bool do_walk(struct window *w, enum command command)
{
    struct view *v = &w->view;

    switch ((int)command) {
    case COMMAND_BACK:
    case COMMAND_FORWARD:
        view_step(v, command == COMMAND_FORWARD ? 1 : -1, false);
        return true;
    case COMMAND_SWITCH_BACK:
    case COMMAND_SWITCH:
        view_switch(v, command == COMMAND_SWITCH ? 1 : -1);
        return true;
    case COMMAND_OWN_BACK:
    case COMMAND_OWN:
        view_step(v, command == COMMAND_OWN ? 1 : -1, true);
        return true;
    case COMMAND_FIRST:
        view_focus(v, 0);
        return true;
    case COMMAND_LAST:
        /* Its first event is what was done in it. */
        if (v->trace->event_count > 0)
            view_focus(v, timeline_event_of_step(v->timeline,
                                                 v->trace->events[v->trace->event_count - 1].step));
        return true;
    case COMMAND_MARK_BACK:
    case COMMAND_MARK:
        if (!view_mark(v, command == COMMAND_MARK ? 1 : -1))
            window_say(w, v->trace->finding_count == 0
                              ? "Nothing was found in this run; E explores others."
                              : "There is no other step of a finding.");
        return true;
    case COMMAND_CHOICE_BACK:
    case COMMAND_CHOICE:
        go(w, runs_next_choice(&w->runs, v, command == COMMAND_CHOICE ? 1 : -1),
           "There is no other step at which something was chosen.");
        return true;
    case COMMAND_FOLLOW_BACK:
    case COMMAND_FOLLOW:
        if (!view_follow(v, command == COMMAND_FOLLOW ? 1 : -1))
            window_say(w, command == COMMAND_FOLLOW ? "From here on it wakes and starts nobody."
                                                    : "Nobody woke it before this step.");
        return true;
    default:
        return false;
    }
}

/* Where the lane in focus is, if it is in sight; else the middle of the lanes. */
static double place_of_focus(const struct view *v)
{
    uint32_t lane = view_lane(v);

    return lane != UINT32_MAX && view_sees(v, lane) ? view_lane_y(v, lane)
                                                    : (view_top(v) + view_bottom(v)) / 2;
}

/* Of what is in sight. */
static bool do_look(struct window *w, enum command command)
{
    struct view *v = &w->view;
    double pitch = view_look(v)->pitch < VIEW_PITCH ? VIEW_PITCH : view_look(v)->pitch;
    double page = view_bottom(v) - view_top(v) - view_look(v)->pitch;

    switch ((int)command) {
    case COMMAND_UP:
    case COMMAND_DOWN:
        v->scroll += command == COMMAND_DOWN ? pitch : -pitch;
        break;
    case COMMAND_PAGE_UP:
    case COMMAND_PAGE_DOWN:
        v->scroll += command == COMMAND_PAGE_DOWN ? page : -page;
        break;
    case COMMAND_ZOOM_OUT:
    case COMMAND_ZOOM_IN:
        view_zoom(v, command == COMMAND_ZOOM_IN ? 1.25 : 0.8, view_cursor(v));
        break;
    case COMMAND_LEFT:
    case COMMAND_RIGHT:
        v->left += (command == COMMAND_RIGHT ? 60 : -60) / v->zoom;
        break;
    case COMMAND_FIT:
        view_fit(v);
        break;
    case COMMAND_LOWER:
    case COMMAND_HIGHER:
        view_change_look(v, command == COMMAND_HIGHER ? 1 : -1, place_of_focus(v));
        break;
    case COMMAND_PIN:
    case COMMAND_HIDE:
        window_mark_lane(w, view_lane(v), command == COMMAND_PIN ? ROW_PINNED : ROW_HIDDEN);
        break;
    case COMMAND_UNPIN:
    case COMMAND_UNHIDE:
        clear_lanes(w, command == COMMAND_UNPIN ? ROW_PINNED : ROW_HIDDEN);
        break;
    default:
        return false;
    }
    view_clamp(v);
    return true;
}

static void toggle_tree(struct window *w)
{
    struct branches *b = &w->branches;

    if (b->lab == NULL) {
        window_say(w, "The program is not at hand, so it cannot be explored.");
        return;
    }
    b->shown = !b->shown;
    b->wanted |= b->shown && !b->searched && !b->searching;
}

/* Of other runs. */
static bool do_runs(struct window *w, enum command command)
{
    struct runs *runs = &w->runs;

    switch ((int)command) {
    case COMMAND_PICK_BACK:
    case COMMAND_PICK:
        runs_list(runs, &w->view);
        runs_pick(runs, command == COMMAND_PICK ? 1 : -1);
        return true;
    case COMMAND_TRY:
        runs_list(runs, &w->view);
        window_try(w, runs->picked);
        return true;
    case COMMAND_SWAP:
        runs_swap(runs, &w->view);
        return true;
    case COMMAND_BESIDE:
        runs->alone = !runs->alone;
        runs_show(runs, &w->view, runs->at);
        return true;
    case COMMAND_RUN_BACK:
    case COMMAND_RUN:
        window_show_run(w, runs->at + (command == COMMAND_RUN ? 1 : -1));
        return true;
    case COMMAND_TREE:
        toggle_tree(w);
        return true;
    default:
        if (command < COMMAND_TRY_FIRST || command > COMMAND_TRY_LAST)
            return false;
        window_try(w, (size_t)(command - COMMAND_TRY_FIRST));
        return true;
    }
}

static void change_speed(struct window *w, int by)
{
    int speed = w->view.speed + by;

    if (speed >= 0 && speed < SPEED_COUNT)
        w->view.speed = speed;
}

static void close_one(struct window *w)
{
    if (w->view.help)
        w->view.help = false;
    else if (w->branches.shown)
        w->branches.shown = false;
    else if (find_wanted(&w->find) != NULL)
        w->find.picks_out = false;
    else
        w->quit = true;
}

static void save_state(struct window *w)
{
    char error[256];

    if (w->state_path == NULL)
        window_say(w, "The state goes to the file that --dump-state names, and none was named.");
    else if (!window_save_state(w, error, sizeof(error)))
        window_say(w, error);
}

/* The next size of all that is shown. */
static void change_scale(struct window *w, int by)
{
    static const double scales[] = {1, 1.25, 1.5, 2, 2.5, 3, 4};
    int count = (int)(sizeof(scales) / sizeof(scales[0]));
    int at = 0;

    while (at + 1 < count && scales[at + 1] <= w->scale)
        at++;
    if (at + by >= 0 && at + by < count)
        window_scale(w, scales[at + by]);
}

static void do_window(struct window *w, enum command command)
{
    struct view *v = &w->view;
    Uint32 full = SDL_GetWindowFlags(w->window) & SDL_WINDOW_FULLSCREEN_DESKTOP;

    switch ((int)command) {
    case COMMAND_SLOWER:
    case COMMAND_FASTER:
        change_speed(w, command == COMMAND_FASTER ? 1 : -1);
        break;
    case COMMAND_SEARCH:
        find_open(&w->find, v);
        break;
    case COMMAND_FIND_BACK:
    case COMMAND_FIND:
        if (!find_beside(&w->find, v, command == COMMAND_FIND ? 1 : -1))
            window_say(w, w->find.text[0] == '\0' ? "Nothing was searched yet: press /."
                                                  : "No other event has that.");
        break;
    case COMMAND_GRAPH:
        if (view_finding(v) == NULL || view_finding(v)->edge_count == 0)
            window_say(w, "Nobody waits for others in what was found.");
        v->graph = view_shows_graph(v) ? GRAPH_HIDDEN : GRAPH_SHOWN;
        break;
    case COMMAND_THEME:
        v->theme = v->theme == RENDER_DARK ? RENDER_LIGHT : RENDER_DARK;
        break;
    case COMMAND_PICTURE:
        window_write_picture(w);
        break;
    case COMMAND_STATE:
        save_state(w);
        break;
    case COMMAND_FULL:
        SDL_SetWindowFullscreen(w->window, full != 0 ? 0 : SDL_WINDOW_FULLSCREEN_DESKTOP);
        break;
    case COMMAND_SMALLER:
    case COMMAND_LARGER:
        change_scale(w, command == COMMAND_LARGER ? 1 : -1);
        break;
    case COMMAND_USUAL:
        window_scale(w, 1);
        break;
    case COMMAND_HELP:
        v->help = !v->help;
        break;
    case COMMAND_CLOSE:
        close_one(w);
        break;
    case COMMAND_QUIT:
        w->quit = true;
        break;
    default:
        break;
    }
}

void window_do(struct window *w, enum command command)
{
    if (command == COMMAND_NONE)
        return;
    if (command == COMMAND_PLAY) {
        w->view.playing = !w->view.playing;
        w->played_ms = SDL_GetTicks();
        return;
    }
    if (do_look(w, command))
        return;
    /* Who takes a step or another run wants to stay there. */
    if (do_walk(w, command) || do_runs(w, command))
        w->view.playing = false;
    else
        do_window(w, command);
}
