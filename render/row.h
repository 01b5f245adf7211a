/* Row: a line of a terminal, a cell for each character, and two for a wide one. */
#ifndef RENDER_ROW_H
#define RENDER_ROW_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

enum { ROW_MAX = 400 };

/* What has a sign of its own. */
enum sign {
    SIGN_CREATED, /* the first five as enum lane_state */
    SIGN_READY,
    SIGN_RUNNING,
    SIGN_AWAITING,
    SIGN_BLOCKED,
    SIGN_DONE,
    SIGN_CANCELLED,
    SIGN_FAILED,
    SIGN_HELD_FROM,
    SIGN_HELD,
    SIGN_HELD_TO,
    SIGN_FOLD,
    SIGN_DOT,
    SIGN_VALUE, /* where a value begins */
    SIGN_COUNT,
};

struct row {
    bool ascii;
    int width;              /* cells in use, at most ROW_MAX */
    char cells[ROW_MAX][5]; /* each a character of UTF-8, or "" for a blank */
};

/* Blank all cells. */
void row_clear(struct row *row);

const char *row_sign(const struct row *row, enum sign sign);

/* Put a sign; a place outside the row is let be. */
void row_put(struct row *row, int x, enum sign sign);

/* Put the number of a step of the story: a digit, in a circle if the row is not ASCII. */
void row_mark(struct row *row, int x, int number);

/* Put a share of 0 to 1: a block as high as it is, or a digit of tenths; all of it is "!" in ASCII.
 */
void row_share(struct row *row, int x, double share);

/* How many cells a text takes. */
int row_length(const struct row *row, const char *text);

/* Put text, shortened in the middle if it is longer than room.  Returns how many cells it took. */
int row_text(struct row *row, int x, int room, const char *text);

/* Write the row without blanks at its end, and a newline. */
void row_print(const struct row *row, FILE *out);

/* Write a paragraph broken at spaces; lines after the first are indented. */
void row_wrap(const struct row *row, FILE *out, int indent, const char *text);

#endif
