/* Find: the search for tasks, objects and events by their words.  A long run is searched piece by
 * piece, so that the window goes on meanwhile.  Knows no SDL. */
#ifndef RENDER_WINDOW_FIND_H
#define RENDER_WINDOW_FIND_H

#include "render/window_view.h"

enum { FIND_TEXT_MAX = 64, FOUND_MOST = 16, FOUND_NAMES_MOST = 8, FOUND_WORDS_MAX = 240 };

enum found_kind { FOUND_LANE, FOUND_OBJECT, FOUND_EVENT };

struct found {
    enum found_kind kind;
    size_t index; /* lane, object or event */
    char words[FOUND_WORDS_MAX];
};

struct find {
    bool open;
    bool fresh;               /* just opened: what is typed takes the place of the text */
    bool picks_out;           /* what does not have the text is drawn faintly */
    char text[FIND_TEXT_MAX]; /* clean UTF-8; also kept when it is closed, for the next */
    struct found list[FOUND_MOST];
    int count;
    int picked;
    size_t more; /* tasks and objects that are not listed */
    size_t next; /* event to be searched next */
    size_t left; /* how many must still be */
};

/* Begin, with the text that was searched last. */
void find_open(struct find *find, const struct view *view);

/* Append to the text, or begin a new one if it was just opened; take its last character away. */
void find_type(struct find *find, const struct view *view, const char *text);
void find_erase(struct find *find, const struct view *view);

/* What is picked out, if anything is; else NULL.  Whether words have it: all do if nothing is. */
const char *find_wanted(const struct find *find);
bool find_has(const struct find *find, const char *words);

/* Search on for a while.  Returns whether there is more to be searched. */
bool find_work(struct find *find, const struct view *view);

/* Pick the next, or previous, of what was found. */
void find_pick(struct find *find, int direction);

/* Go to one of what was found.  False: there is none. */
bool find_go(const struct find *find, struct view *view, int index);

/* Go to the next, or previous, event that has the text; behind the last, to the first.  False:
 * there is none. */
bool find_beside(const struct find *find, struct view *view, int direction);

#endif
