/* SURW: selectively uniform random walk (Zhao, Wolff, Mathur, Roychoudhury: Selectively Uniform
 * Concurrency Testing, ASPLOS 2025).
 *
 * For each execution one object is drawn from those that several actors use; the operations on it
 * are the interesting ones.  Who does the next of them is drawn in proportion to how many each
 * actor still has, those of threads that it has yet to start included, so that every order of the
 * interesting operations is equally likely as far as nothing blocks.  Until that actor stands
 * before its operation, everything else goes in random order, and others wait before theirs.  Where
 * no object is shared, every operation is interesting, and each choice is in that proportion.
 *
 * Differences: what each actor does is counted in the first execution, which is FIFO, by its
 * events; an actor that does more than it did then counts as one operation.  Actors are told apart
 * by their ids, so an actor that another execution creates earlier or later has another's count. */
#ifndef SIM_POLICY_SURW_H
#define SIM_POLICY_SURW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "sim/base/prng.h"
#include "sim/core/policy.h"
#include "sim/trace/sink.h"

enum { SURW_PROFILE = 1 }; /* executions that measure */

struct surw_access;
struct surw_actor;
struct reader;

struct policy_surw {
    struct policy policy; /* first */
    struct sink sink;     /* must be told of every event */
    struct prng prng;
    uint64_t seed;
    uint64_t execution;         /* of the next run */
    uint64_t number;            /* of this run */
    struct surw_access *access; /* owned; of the first execution, in order */
    size_t access_count;
    size_t access_capacity;
    uint32_t *shared; /* owned; the objects that several actors used, each once */
    size_t shared_count;
    size_t shared_capacity;
    struct surw_actor *actors; /* owned; by id */
    size_t actor_count;
    size_t actor_capacity;
    uint32_t object;   /* whose operations are interesting; 0: all are */
    uint32_t intended; /* who does the next of them */
    bool drawn;        /* intended is somebody */
    bool ready;        /* the first execution has been summed up */
};

/* Execution n (from 0) of a seed; the first SURW_PROFILE executions are needed for the others. */
void policy_surw_init(struct policy_surw *surw, uint64_t seed);
void policy_surw_free(struct policy_surw *surw);

/* Between runs: write what the first of them did, as lines; and read it.  load returns false after
 * a message, and when out of memory. */
void policy_surw_save(struct policy_surw *surw, FILE *out);
bool policy_surw_load(struct policy_surw *surw, struct reader *in);

#endif
