#include "render/window_keys.h"

#include <SDL.h>
#include <string.h>

enum { BINDINGS_MOST = 7 };
enum { PLAIN = 0, SHIFT = KMOD_SHIFT, CTRL = KMOD_CTRL };

/* A key with its modifiers; or a character, which is elsewhere on every keyboard. */
struct binding {
    SDL_Keycode key;
    unsigned modifiers;
    enum command command;
    char character; /* then there is no key */
};

static const struct {
    struct help_row row;
    struct binding bindings[BINDINGS_MOST];
} table[] = {
    {{"Left, Right", "one step back, forward"},
     {{SDLK_LEFT, PLAIN, COMMAND_BACK, 0}, {SDLK_RIGHT, PLAIN, COMMAND_FORWARD, 0}}},
    {{"Shift+Left, Right", "to where another task or thread goes on"},
     {{SDLK_LEFT, SHIFT, COMMAND_SWITCH_BACK, 0}, {SDLK_RIGHT, SHIFT, COMMAND_SWITCH, 0}}},
    {{"Ctrl+Left, Right", "one step of the same task or thread"},
     {{SDLK_LEFT, CTRL, COMMAND_OWN_BACK, 0}, {SDLK_RIGHT, CTRL, COMMAND_OWN, 0}}},
    {{"Home, End", "first, last step"},
     {{SDLK_HOME, PLAIN, COMMAND_FIRST, 0}, {SDLK_END, PLAIN, COMMAND_LAST, 0}}},
    {{"N, Shift+N", "next, previous step of a finding"},
     {{SDLK_n, PLAIN, COMMAND_MARK, 0}, {SDLK_n, SHIFT, COMMAND_MARK_BACK, 0}}},
    {{"[, ]", "follow arrows: back to who woke it, on to whom it wakes"},
     {{0, 0, COMMAND_FOLLOW_BACK, '['}, {0, 0, COMMAND_FOLLOW, ']'}}},
    {{"Space", "play, pause"}, {{SDLK_SPACE, PLAIN, COMMAND_PLAY, 0}}},
    {{"-, +", "play more slowly, faster"},
     {{0, 0, COMMAND_SLOWER, '-'}, {0, 0, COMMAND_FASTER, '+'}, {0, 0, COMMAND_FASTER, '='}}},
    {{"/", "search tasks, objects, events; the rest is faint"},
     {{0, 0, COMMAND_SEARCH, '/'}, {SDLK_f, CTRL, COMMAND_SEARCH, 0}}},
    {{"F3, Shift+F3", "next, previous event like the one that was searched"},
     {{SDLK_F3, PLAIN, COMMAND_FIND, 0}, {SDLK_F3, SHIFT, COMMAND_FIND_BACK, 0}}},
    {{"C, Shift+C", "next, previous step at which something was chosen"},
     {{SDLK_c, PLAIN, COMMAND_CHOICE, 0}, {SDLK_c, SHIFT, COMMAND_CHOICE_BACK, 0}}},
    {{"1 to 9; Tab, Enter", "what if: run it again with that option taken"},
     {{SDLK_TAB, PLAIN, COMMAND_PICK, 0},
      {SDLK_TAB, SHIFT, COMMAND_PICK_BACK, 0},
      {SDLK_RETURN, PLAIN, COMMAND_TRY, 0},
      {SDLK_KP_ENTER, PLAIN, COMMAND_TRY, 0}}},
    {{"J, K", "next, previous run that was tried"},
     {{SDLK_j, PLAIN, COMMAND_RUN, 0}, {SDLK_k, PLAIN, COMMAND_RUN_BACK, 0}}},
    {{"O", "walk the other of the two runs"}, {{SDLK_o, PLAIN, COMMAND_SWAP, 0}}},
    {{"B", "the run alone, or below the one that it came of"},
     {{SDLK_b, PLAIN, COMMAND_BESIDE, 0}}},
    {{"E", "explore: all runs as a tree; Enter shows one, X stops"},
     {{SDLK_e, PLAIN, COMMAND_TREE, 0}}},
    {{"W, S", "zoom in, out at the cursor"},
     {{SDLK_w, PLAIN, COMMAND_ZOOM_IN, 0}, {SDLK_s, PLAIN, COMMAND_ZOOM_OUT, 0}}},
    {{"A, D", "pan left, right"},
     {{SDLK_a, PLAIN, COMMAND_LEFT, 0}, {SDLK_d, PLAIN, COMMAND_RIGHT, 0}}},
    {{"Up, Down, Page", "scroll the lanes"},
     {{SDLK_UP, PLAIN, COMMAND_UP, 0},
      {SDLK_DOWN, PLAIN, COMMAND_DOWN, 0},
      {SDLK_PAGEUP, PLAIN, COMMAND_PAGE_UP, 0},
      {SDLK_PAGEDOWN, PLAIN, COMMAND_PAGE_DOWN, 0}}},
    {{"R, Shift+R", "lower lanes, to see more of them; higher lanes"},
     {{SDLK_r, PLAIN, COMMAND_LOWER, 0}, {SDLK_r, SHIFT, COMMAND_HIGHER, 0}}},
    {{"F", "fit the whole run"}, {{SDLK_f, PLAIN, COMMAND_FIT, 0}}},
    {{"I, Shift+I", "keep the lane at the top, or no longer; let all go"},
     {{SDLK_i, PLAIN, COMMAND_PIN, 0}, {SDLK_i, SHIFT, COMMAND_UNPIN, 0}}},
    {{"H, Shift+H", "hide the lane; show all that are hidden"},
     {{SDLK_h, PLAIN, COMMAND_HIDE, 0}, {SDLK_h, SHIFT, COMMAND_UNHIDE, 0}}},
    {{"G", "who waits for whom in the finding: show, hide"}, {{SDLK_g, PLAIN, COMMAND_GRAPH, 0}}},
    {{"T", "light, dark"}, {{SDLK_t, PLAIN, COMMAND_THEME, 0}}},
    {{"P", "write the picture, or both runs, to pickglass.png"},
     {{SDLK_p, PLAIN, COMMAND_PICTURE, 0}}},
    {{"Ctrl and +, -, 0", "all of the window larger, smaller, as usual"},
     {{SDLK_MINUS, CTRL, COMMAND_SMALLER, 0},
      {SDLK_KP_MINUS, CTRL, COMMAND_SMALLER, 0},
      {SDLK_PLUS, CTRL, COMMAND_LARGER, 0},
      {SDLK_EQUALS, CTRL, COMMAND_LARGER, 0},
      {SDLK_EQUALS, SHIFT | CTRL, COMMAND_LARGER, 0},
      {SDLK_KP_PLUS, CTRL, COMMAND_LARGER, 0},
      {SDLK_0, CTRL, COMMAND_USUAL, 0}}},
    {{"F11", "full screen"}, {{SDLK_F11, PLAIN, COMMAND_FULL, 0}}},
    {{"F12", "write the state, if there is --dump-state"}, {{SDLK_F12, PLAIN, COMMAND_STATE, 0}}},
    {{"?", "this help"}, {{0, 0, COMMAND_HELP, '?'}, {SDLK_F1, PLAIN, COMMAND_HELP, 0}}},
    {{"Esc", "close what is open, and then the window"}, {{SDLK_ESCAPE, PLAIN, COMMAND_CLOSE, 0}}},
    {{"Q", "close the window"}, {{SDLK_q, PLAIN, COMMAND_QUIT, 0}}},
    {{"wheel", "zoom; Shift: pan; Ctrl, or on names: scroll; Alt: heights"}, {{0}}},
    {{"drag", "pan; on the map, move what is shown"}, {{0}}},
    {{"click", "select what is there, in lanes, list and panel"}, {{0}}},
    {{"double click", "zoom to the span"}, {{0}}},
    {{"pin, hide", "beside a name: keep the lane at the top; hide it"}, {{0}}},
};

static const struct button buttons[] = {
    {COMMAND_FIRST, "|\xE2\x97\x80", "Home: the first step"},
    {COMMAND_BACK, "\xE2\x97\x80", "Left: one step back"},
    {COMMAND_FORWARD, "\xE2\x96\xB6", "Right: one step forward"},
    {COMMAND_LAST, "\xE2\x96\xB6|", "End: the last step"},
    {COMMAND_PLAY, "play", "Space: play, pause"},
    {COMMAND_SLOWER, "\xE2\x88\x92", "-: play more slowly"},
    {COMMAND_FASTER, "+", "+: play faster"},
    {COMMAND_MARK, "finding", "N: the next step of the finding, then of the next finding"},
    {COMMAND_CHOICE_BACK, "\xE2\x97\x80 choice",
     "Shift+C: back to the step before at which something was chosen"},
    {COMMAND_CHOICE, "choice \xE2\x96\xB6", "C: on to the next step at which something was chosen"},
    {COMMAND_FOLLOW_BACK, "woken by", "[: back to who woke it"},
    {COMMAND_FOLLOW, "wakes", "]: on to whom it wakes"},
    {COMMAND_TREE, "explore", "E: every way the choices can go, as a tree"},
    {COMMAND_SEARCH, "search", "/: search tasks, objects and events"},
    {COMMAND_FIT, "fit", "F: the whole run"},
    {COMMAND_LOWER, "lanes \xE2\x96\xBE", "R: lower lanes, to see more of them"},
    {COMMAND_HIGHER, "\xE2\x96\xB4", "Shift+R: higher lanes"},
    {COMMAND_UNHIDE, "all lanes", "Shift+H: show the lanes that are hidden"},
    {COMMAND_PICTURE, "save", "P: write the picture, or both runs, to pickglass.png"},
    {COMMAND_THEME, "theme", "T: light, dark"},
    {COMMAND_HELP, "?", "?: all keys"},
};

enum command command_of_key(int32_t key, unsigned modifiers)
{
    unsigned held = ((modifiers & KMOD_SHIFT) != 0 ? (unsigned)SHIFT : 0) |
                    ((modifiers & KMOD_CTRL) != 0 ? (unsigned)CTRL : 0);

    if ((modifiers & (KMOD_ALT | KMOD_GUI)) != 0)
        return COMMAND_NONE;
    for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++)
        for (int j = 0; j < BINDINGS_MOST; j++)
            if (table[i].bindings[j].key != 0 && table[i].bindings[j].key == key &&
                table[i].bindings[j].modifiers == held)
                return table[i].bindings[j].command;
    return COMMAND_NONE;
}

enum command command_of_text(const char *text)
{
    if (text[0] == '\0' || text[1] != '\0')
        return COMMAND_NONE;
    if (text[0] >= '1' && text[0] <= '9')
        return (enum command)(COMMAND_TRY_FIRST + (text[0] - '1'));
    for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++)
        for (int j = 0; j < BINDINGS_MOST; j++)
            if (table[i].bindings[j].character == text[0])
                return table[i].bindings[j].command;
    return COMMAND_NONE;
}

bool help_row(size_t index, struct help_row *row)
{
    if (index >= sizeof(table) / sizeof(table[0]))
        return false;
    *row = table[index].row;
    return true;
}

bool help_button(size_t index, struct button *button)
{
    if (index >= sizeof(buttons) / sizeof(buttons[0]))
        return false;
    *button = buttons[index];
    return true;
}

const char *command_hint(enum command command)
{
    for (size_t i = 0; i < sizeof(buttons) / sizeof(buttons[0]); i++)
        if (buttons[i].command == command)
            return buttons[i].hint;
    return NULL;
}
