/* Keys: what can be done in the window, and by which key, button and movement of the mouse.  One
 * table makes the keys, the help inside the window and docs/window.md, which a test compares. */
#ifndef RENDER_WINDOW_KEYS_H
#define RENDER_WINDOW_KEYS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum command {
    COMMAND_NONE,
    COMMAND_BACK, /* where there are two of a kind, the one forward is the next */
    COMMAND_FORWARD,
    COMMAND_SWITCH_BACK,
    COMMAND_SWITCH,
    COMMAND_OWN_BACK,
    COMMAND_OWN,
    COMMAND_FIRST,
    COMMAND_LAST,
    COMMAND_PLAY,
    COMMAND_SLOWER,
    COMMAND_FASTER,
    COMMAND_MARK_BACK,
    COMMAND_MARK,
    COMMAND_CHOICE_BACK,
    COMMAND_CHOICE,
    COMMAND_FOLLOW_BACK,
    COMMAND_FOLLOW,
    COMMAND_UP,
    COMMAND_DOWN,
    COMMAND_PAGE_UP,
    COMMAND_PAGE_DOWN,
    COMMAND_ZOOM_OUT,
    COMMAND_ZOOM_IN,
    COMMAND_LEFT,
    COMMAND_RIGHT,
    COMMAND_FIT,
    COMMAND_LOWER,
    COMMAND_HIGHER,
    COMMAND_PIN,
    COMMAND_UNPIN,
    COMMAND_HIDE,
    COMMAND_UNHIDE,
    COMMAND_GRAPH,
    COMMAND_SEARCH,
    COMMAND_FIND_BACK,
    COMMAND_FIND,
    COMMAND_PICK_BACK,
    COMMAND_PICK,
    COMMAND_TRY,
    COMMAND_SWAP,
    COMMAND_BESIDE,
    COMMAND_RUN_BACK,
    COMMAND_RUN,
    COMMAND_TREE,
    COMMAND_THEME,
    COMMAND_PICTURE,
    COMMAND_STATE,
    COMMAND_FULL,
    COMMAND_SMALLER,
    COMMAND_LARGER,
    COMMAND_USUAL,
    COMMAND_HELP,
    COMMAND_CLOSE,
    COMMAND_QUIT,
    COMMAND_TRY_FIRST, /* and so on: the options from 1 to 9 */
    COMMAND_TRY_LAST = COMMAND_TRY_FIRST + 8,
};

/* What a key does, as SDL names it, with the modifiers that are held; what a character does that
 * was typed, on whatever keyboard.  COMMAND_NONE: nothing. */
enum command command_of_key(int32_t key, unsigned modifiers);
enum command command_of_text(const char *text);

/* A row of the table of keys: "Home, End", "first, last step".  False: there is no such row. */
struct help_row {
    const char *keys;
    const char *text;
};
bool help_row(size_t index, struct help_row *row);

/* A button above the map; the speed of playing stands behind COMMAND_SLOWER. */
struct button {
    enum command command;
    const char *label;
    const char *hint;
};
bool help_button(size_t index, struct button *button);

/* What the button of a command does; NULL: it has none. */
const char *command_hint(enum command command);

#endif
