/* Source: the text of a program's lines, for pictures. */
#ifndef CLI_SOURCE_H
#define CLI_SOURCE_H

/* The line (from 1) of a scenario's file, without its newline; NULL if it is not known.  Valid
 * until the next call with the same arg; arg is not used, and may be NULL. */
const char *source_line(void *arg, const char *file, int line);

#endif
