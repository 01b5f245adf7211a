/* Quote: text inside the languages that pictures are written in.
 *
 * Whatever the bytes of the text, what is written is clean UTF-8 and ends where it should: bytes
 * that are no UTF-8, and control characters, become U+FFFD. */
#ifndef RENDER_QUOTE_H
#define RENDER_QUOTE_H

#include <stdio.h>

/* A JSON string, with its quotes (RFC 8259). */
void quote_json(FILE *out, const char *text);

/* Text or the value of an attribute of HTML or XML, without quotes.  A newline stays one. */
void quote_markup(FILE *out, const char *text);

/* A string of Graphviz' language, with its quotes.  A newline in it is one of the label. */
void quote_dot(FILE *out, const char *text);

/* Words of a Mermaid diagram, without quotes: what has a meaning there stands as its number. */
void quote_mermaid(FILE *out, const char *text);

/* Words of Markdown: what has a meaning there is escaped. */
void quote_markdown(FILE *out, const char *text);

/* Plain text without quotes, a newline in it as a blank. */
void quote_line(FILE *out, const char *text);

#endif
