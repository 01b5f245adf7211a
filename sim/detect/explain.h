/* Explain: a run in words, for people at a terminal and for logs. */
#ifndef SIM_DETECT_EXPLAIN_H
#define SIM_DETECT_EXPLAIN_H

struct trace;

/* Headline, findings with their numbered steps and places; several lines, the last one ended.
 *
 * Returns: text to be freed; NULL when out of memory. */
char *explain_format(const struct trace *trace);

#endif
