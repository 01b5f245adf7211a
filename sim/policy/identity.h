/* Identity: ids of actors and objects that are the same in every execution of a program.
 *
 * The ids of a registry are given out in the order of creation, which depends on the schedule. What
 * an actor creates as its nth thing is the same thing in every execution in which that actor went
 * the same way, so the pair (creator, n) names it. */
#ifndef SIM_POLICY_IDENTITY_H
#define SIM_POLICY_IDENTITY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct identity_key {
    uint32_t creator;
    uint32_t nth;
};

struct identity {
    uint32_t *table; /* of ids, hashed by key; 0: free; its size is a power of two; owned */
    size_t table_size;
    struct identity_key *keys; /* by id; owned */
    size_t key_capacity;
    uint32_t count; /* of ids given out, from 1 */
    uint32_t *made; /* by id: how many things it has created in this execution; owned */
    size_t made_capacity;
    uint32_t *stable; /* by registry id, from 1; owned */
    size_t stable_capacity;
    uint32_t known; /* registry ids that have been seen in this execution */
    bool out_of_memory;
};

/* {0} is empty, and is to have room before it is used.  What is asked for is always there then,
 * though it may be 0 where memory ran out later.  Returns false when out of memory. */
bool identity_make_room(struct identity *identity);
void identity_free(struct identity *identity);

/* A new execution begins.  The first registry id is the program's first thread, which is always 1.
 */
void identity_begin(struct identity *identity);

/* An execution begins that is the same as the last up to where so many ids were known. */
void identity_rewind(struct identity *identity, uint32_t known);

/* The registry has grown to count ids; creator, a stable id, made what is new. */
void identity_learn(struct identity *identity, uint32_t count, uint32_t creator);

/* The stable id of a registry id; 0 for 0 and for what was never learnt. */
static inline uint32_t identity_of(const struct identity *identity, uint32_t id)
{
    return id <= identity->known ? identity->stable[id] : 0;
}

/* The stable id of the nth thing of a creator; 0 when out of memory. */
uint32_t identity_intern(struct identity *identity, uint32_t creator, uint32_t nth);

#endif
