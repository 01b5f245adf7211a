/* Shard: a part of a depth-first search, such that the parts share nothing, and together are the
 * whole.
 *
 * The first choices of an execution, hashed, say to which part it belongs.  An execution that turns
 * out to be another part's is ended there, which makes the policy inside go on to the next prefix.
 */
#ifndef SIM_POLICY_SHARD_H
#define SIM_POLICY_SHARD_H

#include <stdbool.h>

#include "sim/core/policy.h"

enum { SHARD_DEPTH = 12 }; /* choices that say to which part an execution belongs */

struct policy_shard {
    struct policy policy; /* first */
    struct policy *inner; /* borrowed */
    uint32_t index;       /* of this part, below count */
    uint32_t count;       /* of the parts, at least 1 */
    uint32_t depth;       /* choices taken in this run, up to SHARD_DEPTH */
    uint64_t hash;        /* of them */
};

void policy_shard_init(struct policy_shard *shard, struct policy *inner, uint32_t index,
                       uint32_t count);

/* After a run: does it belong to this part? */
bool policy_shard_owns(const struct policy_shard *shard);

#endif
