#include "sim/policy/identity.h"

#include <stdlib.h>
#include <string.h>

#include "sim/base/assert.h"
#include "sim/base/vec.h"

void identity_free(struct identity *identity)
{
    free(identity->table);
    free(identity->keys);
    free(identity->made);
    free(identity->stable);
    *identity = (struct identity){0};
}

static size_t place_of(const struct identity *identity, struct identity_key key)
{
    uint64_t mixed = ((uint64_t)key.creator << 32 | key.nth) * UINT64_C(0x9e3779b97f4a7c15);
    size_t at = (size_t)(mixed >> 32) & (identity->table_size - 1);

    while (identity->table[at] != 0) {
        const struct identity_key *other = &identity->keys[identity->table[at]];

        if (other->creator == key.creator && other->nth == key.nth)
            break;
        at = (at + 1) & (identity->table_size - 1);
    }
    return at;
}

/* Room for one more: the table is never more than half full. */
static bool make_room(struct identity *identity)
{
    uint32_t count = identity->count + 2;

    if (!vec_reserve(&identity->keys, count, &identity->key_capacity, sizeof(*identity->keys)) ||
        !vec_reserve_zeroed(&identity->made, count, &identity->made_capacity,
                            sizeof(*identity->made)))
        return false;
    if (2 * (size_t)count <= identity->table_size)
        return true;
    size_t size = identity->table_size == 0 ? 64 : 2 * identity->table_size;
    uint32_t *table = calloc(size, sizeof(*table));

    if (table == NULL)
        return false;
    free(identity->table);
    identity->table = table;
    identity->table_size = size;
    for (uint32_t id = 1; id <= identity->count; id++)
        table[place_of(identity, identity->keys[id])] = id;
    return true;
}

bool identity_make_room(struct identity *identity)
{
    return make_room(identity) &&
           vec_reserve_zeroed(&identity->stable, 1, &identity->stable_capacity,
                              sizeof(*identity->stable));
}

uint32_t identity_intern(struct identity *identity, uint32_t creator, uint32_t nth)
{
    struct identity_key key = {creator, nth};

    if (!make_room(identity)) {
        identity->out_of_memory = true;
        return 0;
    }
    SIM_ASSERT(identity->made != NULL);
    size_t at = place_of(identity, key);

    if (identity->table[at] == 0) {
        identity->table[at] = ++identity->count;
        identity->keys[identity->count] = key;
        identity->made[identity->count] = 0;
    }
    return identity->table[at];
}

void identity_begin(struct identity *identity)
{
    SIM_ASSERT(identity->made != NULL);
    memset(identity->made, 0, (identity->count + 1) * sizeof(*identity->made));
    identity->known = 0;
    (void)identity_intern(identity, 0, 0);
}

void identity_rewind(struct identity *identity, uint32_t known)
{
    while (identity->known > known) {
        uint32_t stable = identity->stable[identity->known--];

        if (stable > 1)
            identity->made[identity->keys[stable].creator]--;
    }
}

void identity_learn(struct identity *identity, uint32_t count, uint32_t creator)
{
    /* Where one is missing, so may be the room to count what it makes. */
    if (identity->out_of_memory ||
        !vec_reserve(&identity->stable, (size_t)count + 1, &identity->stable_capacity,
                     sizeof(*identity->stable))) {
        identity->out_of_memory = true;
        return;
    }
    identity->stable[0] = 0;
    while (identity->known < count) {
        uint32_t id = ++identity->known;

        identity->stable[id] =
            id == 1 ? 1 : identity_intern(identity, creator, ++identity->made[creator]);
    }
}
