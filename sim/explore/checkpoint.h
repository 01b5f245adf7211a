/* Checkpoint: how far a search has come, as a file, so that one that was stopped, or killed, goes
 * on as if nothing had happened.
 *
 * Text, line by line; described in docs/checkpoint-format.md. */
#ifndef SIM_EXPLORE_CHECKPOINT_H
#define SIM_EXPLORE_CHECKPOINT_H

#include "sim/explore/explore.h"

/* What a checkpoint holds of a search; all borrowed. */
struct checkpoint_state {
    struct explore_report *report; /* counts and kinds */
    struct strategy *strategy;
    bool held;         /* somebody who span was held back */
    bool left;         /* there are executions to come */
    uint32_t withheld; /* set of enum sim_withheld */
};

/* A search that is to be written. */
struct checkpoint {
    const struct explore_request *request;
    char *asked;          /* owned; lines that say which search it is */
    uint64_t fingerprint; /* of what the program does */
    uint64_t saved;       /* executions when it was last written */
};

/* Runs the program once, first option always, to know it again.  Returns false when out of memory.
 */
bool checkpoint_begin(struct checkpoint *checkpoint, const struct explore_request *request);
void checkpoint_end(struct checkpoint *checkpoint);

/* The file as a string, to be freed; NULL when out of memory. */
char *checkpoint_format(const struct checkpoint *checkpoint, const struct checkpoint_state *state,
                        size_t *length);

/* Read text, for which name stands in errors, into the empty report and new strategy of state.
 *
 * Returns: false with name, line and reason in error: it is malformed, or of another search, or
 *          of a program that does something else.  The report still has to be freed, and the
 *          strategy cannot be used. */
bool checkpoint_parse(const struct checkpoint *checkpoint, const char *text, size_t length,
                      const char *name, struct checkpoint_state *state, char *error,
                      size_t error_size);

/* Write and read the file that the request names.  At any instant it is there whole, on the disk
 * too: the last one written, or the one before.  Both return false with what, where and why in
 * error. */
bool checkpoint_save(struct checkpoint *checkpoint, const struct checkpoint_state *state,
                     char *error, size_t error_size);
bool checkpoint_load(struct checkpoint *checkpoint, struct checkpoint_state *state, char *error,
                     size_t error_size);

/* Is there such a file? */
bool checkpoint_exists(const char *path);

#endif
