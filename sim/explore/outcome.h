/* Outcome: what a search was asked for and what it found, as a file, so that the parts of a search
 * (shards) can be put together again wherever they were run.
 *
 * Text, line by line; described in docs/report-format.md. */
#ifndef SIM_EXPLORE_OUTCOME_H
#define SIM_EXPLORE_OUTCOME_H

#include <stdbool.h>
#include <stddef.h>

#include "sim/explore/explore.h"

enum { OUTCOME_SHARDS_MAX = 4096 };

struct outcome {
    char program[TRACE_META_MAX];
    char params[TRACE_META_MAX]; /* that differ from their defaults */
    char level[16];
    char time[16];
    char cancel[TRACE_META_MAX]; /* "": nobody */
    int64_t early;               /* 0: not said */
    int64_t seed;
    int64_t preemptions;
    int64_t delays;
    int64_t executions;     /* asked for */
    int64_t max_memory;     /* 0: not said */
    struct schedule prefix; /* owned */
    uint32_t depth;
    uint32_t max_steps;
    struct explore_report report; /* owned */
    struct map *map;              /* owned; NULL: none was drawn */
    uint32_t shard_count;         /* 1: the search was not divided */
    uint8_t policy;               /* enum explore_policy */
    bool keep_going;
    bool has[OUTCOME_SHARDS_MAX]; /* which shards this is the outcome of */
};

/* Take what request asked for, and what came of it: report moves into outcome.
 *
 * Returns: false when out of memory. */
bool outcome_init(struct outcome *outcome, const struct explore_request *request,
                  struct explore_report *report);
void outcome_free(struct outcome *outcome);

/* Put another part of the same search into outcome, whose parts must come before it.  Their order
 * decides between equals, so that the same parts in the same order give the same whole.
 *
 * Returns: false with the reason in error if they are not parts of one search, if a shard is there
 *          twice, or when out of memory; name stands for the other part in it. */
bool outcome_add(struct outcome *outcome, const struct outcome *other, const char *name,
                 char *error, size_t error_size);

/* The first shard of which this is the outcome, from 0. */
uint32_t outcome_first_shard(const struct outcome *outcome);

/* How many shards are not there. */
uint32_t outcome_missing(const struct outcome *outcome);

/* Nothing more will be added: if shards are missing, it is not the search that was asked for, and
 * what it did not find proves nothing. */
void outcome_conclude(struct outcome *outcome);

/* The file as a string, to be freed; NULL when out of memory. */
char *outcome_format(const struct outcome *outcome, size_t *length);

/* Write it: all of it, or nothing, and to the disk.  Returns false with what, where and why in
 * error. */
bool outcome_write(const struct outcome *outcome, const char *path, char *error, size_t error_size);

/* Read a file, or text for which name stands in errors.  Whatever the bytes, an outcome that is
 * consistent in itself, or false with file, line and reason in error and nothing to be freed. */
bool outcome_read(struct outcome *outcome, const char *path, char *error, size_t error_size);
bool outcome_parse(struct outcome *outcome, const char *text, size_t length, const char *name,
                   char *error, size_t error_size);

#endif
