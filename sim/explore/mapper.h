/* Mapper: a sink that remembers one execution, and then puts it into a map. */
#ifndef SIM_EXPLORE_MAPPER_H
#define SIM_EXPLORE_MAPPER_H

#include <stdbool.h>
#include <stdint.h>

#include "sim/trace/map.h"
#include "sim/trace/sink.h"

struct mapper_done;

struct mapper {
    struct sink sink; /* first */
    struct map *map;  /* borrowed */
    const struct registry *registry;
    struct sim_event *events; /* owned; of this execution */
    size_t count;
    size_t capacity;
    uint32_t *names; /* owned; by id of the registry: text of the map; 0: not asked for yet */
    size_t name_capacity;
    struct mapper_done *done; /* owned; operations of this execution, by object, in order */
    size_t done_count;
    size_t done_capacity;
};

void mapper_init(struct mapper *mapper, struct map *map);
void mapper_free(struct mapper *mapper);

/* The execution that was last told of had this schedule, and findings of these kinds: put it into
 * the map.  Returns false when out of memory. */
bool mapper_note(struct mapper *mapper, const struct schedule *schedule, uint64_t kinds);

#endif
