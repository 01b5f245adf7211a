/* What is shown, as lines of text: for tests, and for whoever drives the window from a program.
 * docs/window.md says what they mean. */
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "render/window_inside.h"
#include "render/world.h"
#include "sim/base/file.h"

enum { TREE_ROWS_MOST = 200 };

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

/* What covers or replaces the lanes. */
static void write_over(const struct window *w, FILE *out)
{
    const struct branches *b = &w->branches;

    (void)fprintf(out, "graph %d\n", view_shows_graph(&w->view) && !b->shown ? 1 : 0);
    (void)fprintf(out, "playing %d\nspeed %d\nhelp %d\n", w->view.playing ? 1 : 0,
                  1 << w->view.speed, w->view.help ? 1 : 0);
    (void)fprintf(out, "faint %d\n", find_wanted(&w->find) != NULL ? 1 : 0);
    (void)fprintf(out, "search %d: %s\n", w->find.open ? 1 : 0, w->find.text);
    for (int i = 0; w->find.open && i < w->find.count; i++)
        (void)fprintf(out, "found %d%s: %s\n", i + 1, i == w->find.picked ? " picked" : "",
                      w->find.list[i].words);
    (void)fprintf(out, "tree %d%s: %" PRIu64 " runs, %" PRIu64 " fail\n", b->shown ? 1 : 0,
                  b->searching  ? " searching"
                  : b->searched ? " searched"
                                : "",
                  b->tree.nodes[0].runs, b->tree.nodes[0].failing);
    if (b->searched)
        (void)fprintf(out, "verdict: %s\n", b->verdict);
    for (size_t i = 0; b->shown && i < b->row_count && i < TREE_ROWS_MOST; i++) {
        const struct choice_node *node = &b->tree.nodes[b->rows[i].node];
        const char *words = b->words[b->rows[i].node];

        (void)fprintf(out, "branch %zu level %u%s%s: %s: %" PRIu64 " of %" PRIu64 " fail\n", i + 1,
                      b->rows[i].level, i == b->picked ? " picked" : "",
                      node->child == 0           ? ""
                      : b->open[b->rows[i].node] ? " open"
                                                 : " closed",
                      b->rows[i].node == 0 ? "all runs"
                      : words == NULL      ? ""
                                           : words,
                      node->failing, node->runs);
    }
}

/* Lanes that are not as they would be. */
static void write_lanes(const struct view *v, FILE *out)
{
    static const char *const marks[] = {
        [ROW_PLAIN] = "", [ROW_PINNED] = "pinned", [ROW_HIDDEN] = "hidden"};
    char name[REGISTRY_NAME_MAX];

    (void)fprintf(out, "lanes %u of %u\n", view_rows(v), v->timeline->lane_count);
    for (uint32_t lane = 0; v->rows != NULL && lane < v->rows->lanes; lane++)
        if (v->rows->mark[lane] != ROW_PLAIN)
            (void)fprintf(out, "%s: %s\n", marks[v->rows->mark[lane]],
                          registry_name(v->trace->registry, v->timeline->lanes[lane].actor, name));
}

/* What a place does, in words that go before where it is. */
static void place_words(const struct view *v, enum view_hit what, size_t index, char out[LABEL_MAX])
{
    static const char *const names[] = {
        [HIT_ROW] = "option",     [HIT_RUN] = "run",     [HIT_SWAP] = "swap",
        [HIT_SAVE] = "save",      [HIT_PIN] = "pin",     [HIT_HIDE] = "hide",
        [HIT_FOUND] = "found",    [HIT_NODE] = "branch", [HIT_FOLD] = "fold",
        [HIT_COMMAND] = "button", [HIT_EVENT] = "step",  [HIT_NEXT_CHOICE] = "choice",
    };
    char name[REGISTRY_NAME_MAX];
    const char *hint = NULL;

    switch (what) {
    case HIT_COMMAND:
        hint = command_hint((enum command)index);
        (void)snprintf(out, LABEL_MAX, "button %.*s", hint == NULL ? 0 : (int)strcspn(hint, ":"),
                       hint == NULL ? "" : hint);
        break;
    case HIT_EVENT:
    case HIT_NEXT_CHOICE:
        (void)snprintf(out, LABEL_MAX, "%s %u", names[what], v->trace->events[index].step);
        break;
    case HIT_PIN:
    case HIT_HIDE:
        (void)registry_name(v->trace->registry, v->timeline->lanes[index].actor, name);
        (void)snprintf(out, LABEL_MAX, "%s %.80s", names[what], name);
        break;
    case HIT_SWAP:
    case HIT_SAVE:
        (void)snprintf(out, LABEL_MAX, "%s", names[what]);
        break;
    case HIT_ROW:
    case HIT_RUN:
    case HIT_FOUND:
    case HIT_NODE:
    case HIT_FOLD:
    default:
        (void)snprintf(out, LABEL_MAX, "%s %zu", names[what], index + 1);
        break;
    }
}

static void write_place(const struct window *w, FILE *out, const char *words, double x, double y)
{
    (void)fprintf(out, "place %s at %.0f %.0f\n", words, floor(x * w->scale), floor(y * w->scale));
}

/* Where what can be clicked is: its middle, as the mouse counts.  Lanes by their names; the focus,
 * if it is in sight. */
static void write_places(const struct window *w, FILE *out)
{
    const struct view *v = &w->view;
    char name[REGISTRY_NAME_MAX];
    char words[REGISTRY_NAME_MAX + 8];

    for (int i = 0; i < w->hits.count; i++) {
        place_words(v, w->hits.list[i].what, w->hits.list[i].index, words);
        write_place(w, out, words, w->hits.list[i].x + w->hits.list[i].w / 2,
                    w->hits.list[i].y + w->hits.list[i].h / 2);
    }
    for (uint32_t lane = 0; lane < v->timeline->lane_count; lane++) {
        if (!view_sees(v, lane))
            continue;
        (void)snprintf(words, sizeof(words), "lane %s",
                       registry_name(v->trace->registry, v->timeline->lanes[lane].actor, name));
        write_place(w, out, words, VIEW_NAMES / 4.0,
                    view_lane_y(v, lane) + view_look(v)->pitch / 2);
    }
    (void)fprintf(out, "place focus at %.0f\n", floor(view_cursor(v) * w->scale));
    for (int row = 0; row < VIEW_ROWS; row++) {
        double y = v->height - VIEW_BOTTOM + 10 + 17 * row + 8;
        size_t event = view_row(v, y);

        if (event == SIZE_MAX)
            continue;
        (void)snprintf(words, sizeof(words), "row %u", v->trace->events[event].step);
        write_place(w, out, words, 200, y);
    }
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
    (void)fprintf(out, "scale %.3f\n", w->screen.width / v->width);
    (void)fprintf(out, "height %.0f\nsize %.0f %.0f\n", view_look(v)->pitch, v->width, v->height);
    (void)fprintf(out, "theme %s\n", v->theme == RENDER_DARK ? "dark" : "light");
    (void)fprintf(out, "full %d\n",
                  (SDL_GetWindowFlags(w->window) & SDL_WINDOW_FULLSCREEN_DESKTOP) != 0 ? 1 : 0);
    (void)fprintf(out, "finding %zu of %zu\n", trace->finding_count == 0 ? 0 : v->finding + 1,
                  trace->finding_count);
    (void)fprintf(out, "message %s\n", v->message == NULL ? "" : v->message);
    write_over(w, out);
    write_lanes(v, out);
    write_runs(&w->runs, out);
    write_world(v, out);
    write_places(w, out);
    (void)fputs("end\n", out);
}

bool window_save_state(struct window *w, char *error, size_t error_size)
{
    char *text = NULL;
    size_t length = 0;
    FILE *out = open_memstream(&text, &length);

    if (out == NULL) {
        (void)snprintf(error, error_size, "%s: out of memory", w->state_path);
        return false;
    }
    /* Options and places are those of what is drawn. */
    (void)window_paint(w);
    window_write_state(w, out);
    bool ok = fclose(out) == 0 && file_replace(w->state_path, text, length, error, error_size);

    free(text);
    return ok;
}
