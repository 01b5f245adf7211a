#include <stdlib.h>
#include <string.h>

#include "sim/trace/map.h"

/* An operation with its texts, so that it can be compared. */
struct named {
    const char *object;
    const char *actor;
    struct map_op op;
    uint32_t was;
};

static int by_name(const void *a, const void *b)
{
    const struct named *x = a;
    const struct named *y = b;
    int order = strcmp(x->object, y->object);

    if (order == 0)
        order = strcmp(x->actor, y->actor);
    if (order == 0)
        order = (int)x->op.nth - (int)y->op.nth;
    return order != 0 ? order : (int)x->op.kind - (int)y->op.kind;
}

static int by_ops(const void *a, const void *b)
{
    const struct map_pair *x = a;
    const struct map_pair *y = b;

    for (int i = 0; i < 2; i++)
        if (x->op[i] != y->op[i])
            return x->op[i] < y->op[i] ? -1 : 1;
    return 0;
}

/* The pair with its operations where they are now, the lower first. */
static void move_pair(struct map_pair *pair, const uint32_t *moved)
{
    uint32_t a = moved[pair->op[0]];
    uint32_t b = moved[pair->op[1]];
    struct map_tally first = pair->order[0];

    pair->op[0] = a < b ? a : b;
    pair->op[1] = a < b ? b : a;
    if (a < b)
        return;
    pair->order[0] = pair->order[1];
    pair->order[1] = first;
}

void map_sort(struct map *map)
{
    struct named *ops = calloc((size_t)map->op_count + 1, sizeof(*ops));
    uint32_t *moved = calloc((size_t)map->op_count + 1, sizeof(*moved));

    if (ops == NULL || moved == NULL) {
        map->out_of_memory = true;
        free(ops);
        free(moved);
        return;
    }
    for (uint32_t i = 0; i < map->op_count; i++)
        ops[i] = (struct named){map_text_at(map, map->ops[i].object),
                                map_text_at(map, map->ops[i].actor), map->ops[i], i};
    qsort(ops, map->op_count, sizeof(*ops), by_name);
    for (uint32_t i = 0; i < map->op_count; i++) {
        map->ops[i] = ops[i].op;
        moved[ops[i].was] = i;
    }
    for (uint32_t i = 0; i < map->pair_count; i++)
        move_pair(&map->pairs[i], moved);
    if (map->pair_count > 0)
        qsort(map->pairs, map->pair_count, sizeof(*map->pairs), by_ops);
    /* Where pairs are found again is made anew if one is looked for. */
    free(map->pair_table);
    map->pair_table = NULL;
    map->pair_table_size = 0;
    free(ops);
    free(moved);
}
