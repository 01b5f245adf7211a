#include "sim/trace/registry.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/base/arena.h"
#include "sim/base/assert.h"
#include "sim/base/vec.h"

enum { SITES_MAX = UINT16_MAX, SITE_SLOTS = 1 << 17 };

#define STRINGS_LIMIT ((size_t)4 << 30)

/* A place in the source, known from its first use until the registry is freed. */
struct place {
    struct sim_site site;
    uint64_t run; /* in which id was given */
    uint16_t id;
};

struct site_slot {
    const struct sim_site *key; /* by address */
    uint64_t run;               /* in which the place's id was this; 0: not known */
    uint32_t place;
    uint16_t id;
};

/* Invariant: ids are given in order of first use in the run, so they depend on no address. */
struct registry {
    struct sim_object *objects;
    uint32_t object_count;
    size_t object_capacity;
    uint32_t numbers[SIM_OBJECT_COUNT];
    uint64_t run; /* from 1 */
    struct place *places;
    uint32_t place_count;
    size_t place_capacity;
    struct site_slot *slots; /* open addressing; slot_count is a power of two */
    uint32_t slot_count;
    uint32_t slots_used;
    uint32_t *used; /* [id - 1]: the place with that id in this run */
    uint32_t used_count;
    size_t used_capacity;
    const char **texts;
    uint32_t text_count;
    size_t text_capacity;
    struct arena strings; /* of the run */
    struct arena lasting; /* of places */
    bool out_of_memory;   /* in the run */
};

void registry_free(struct registry *reg)
{
    if (reg == NULL)
        return;
    arena_free(&reg->strings);
    arena_free(&reg->lasting);
    free(reg->objects);
    free(reg->places);
    free(reg->slots);
    free(reg->used);
    free(reg->texts);
    free(reg);
}

void registry_reset(struct registry *reg)
{
    reg->object_count = 0;
    memset(reg->numbers, 0, sizeof(reg->numbers));
    reg->run++;
    reg->used_count = 0;
    reg->text_count = 0;
    reg->out_of_memory = false;
    /* As a rule a search gives no names. */
    if (arena_given(&reg->strings) > 0)
        arena_reset(&reg->strings);
}

static const char *keep(struct arena *arena, const char *text, size_t length)
{
    char *copy = arena_alloc(arena, length + 1);

    if (copy != NULL) {
        memcpy(copy, text, length);
        copy[length] = '\0';
    }
    return copy;
}

uint32_t registry_add_unnamed(struct registry *reg, enum sim_object_kind kind, uint32_t parent)
{
    if (!vec_reserve(&reg->objects, reg->object_count + 1, &reg->object_capacity,
                     sizeof(*reg->objects)))
        return 0;
    struct sim_object *object = &reg->objects[reg->object_count];

    object->name = NULL;
    object->number = ++reg->numbers[kind];
    object->parent = parent;
    object->site = 0;
    object->kind = (uint8_t)kind;
    return ++reg->object_count;
}

uint32_t registry_add(struct registry *reg, enum sim_object_kind kind, const char *name,
                      uint32_t parent, uint16_t site)
{
    if (!vec_reserve(&reg->objects, reg->object_count + 1, &reg->object_capacity,
                     sizeof(*reg->objects)))
        return 0;
    const char *copy = name == NULL ? NULL : keep(&reg->strings, name, strlen(name));

    if (name != NULL && copy == NULL)
        return 0;
    reg->objects[reg->object_count] =
        (struct sim_object){.name = copy,
                            .number = name != NULL ? 0 : ++reg->numbers[kind],
                            .parent = parent,
                            .site = site,
                            .kind = (uint8_t)kind};
    return ++reg->object_count;
}

void registry_rename(struct registry *reg, uint32_t id, const char *name)
{
    if (id == 0 || id > reg->object_count || name == NULL)
        return;
    const char *copy = keep(&reg->strings, name, strlen(name));

    if (copy != NULL)
        reg->objects[id - 1].name = copy;
    else
        reg->out_of_memory = true;
}

bool registry_make_room(struct registry *reg)
{
    if (!vec_reserve(&reg->objects, 1, &reg->object_capacity, sizeof(*reg->objects)) ||
        keep(&reg->strings, "", 0) == NULL)
        return false;
    arena_reset(&reg->strings);
    return true;
}

bool registry_out_of_memory(const struct registry *reg)
{
    return reg->out_of_memory;
}

void registry_keep(struct registry *reg, uint32_t count)
{
    SIM_ASSERT(count <= reg->object_capacity);
    reg->object_count = count;
}

uint32_t registry_count(const struct registry *reg)
{
    return reg->object_count;
}

const struct sim_object *registry_object(const struct registry *reg, uint32_t id)
{
    return id == 0 || id > reg->object_count ? NULL : &reg->objects[id - 1];
}

char *registry_name(const struct registry *reg, uint32_t id, char out[REGISTRY_NAME_MAX])
{
    static const char *const prefixes[] = {
#define OBJECT_PREFIX(id, name, prefix) [id] = prefix,
        SIM_OBJECTS(OBJECT_PREFIX)
#undef OBJECT_PREFIX
    };
    const struct sim_object *object = registry_object(reg, id);

    if (object == NULL)
        (void)snprintf(out, REGISTRY_NAME_MAX, "nobody");
    else if (object->name != NULL)
        (void)snprintf(out, REGISTRY_NAME_MAX, "%s", object->name);
    else
        (void)snprintf(out, REGISTRY_NAME_MAX, "%s-%u", prefixes[object->kind], object->number);
    return out;
}

/* Where the search for an address begins. */
static inline struct site_slot *first_slot(const struct registry *reg, const struct sim_site *site)
{
    uint64_t hash = (uint64_t)(uintptr_t)site * UINT64_C(0x9e3779b97f4a7c15);

    return &reg->slots[(uint32_t)(hash >> 40) & (reg->slot_count - 1)];
}

static struct site_slot *slot_of(const struct registry *reg, const struct sim_site *site)
{
    struct site_slot *slot = first_slot(reg, site);

    while (slot->key != site && slot->key != NULL)
        slot = slot == &reg->slots[reg->slot_count - 1] ? reg->slots : slot + 1;
    return slot;
}

static bool slots_double(struct registry *reg)
{
    struct site_slot *old = reg->slots;
    uint32_t old_count = reg->slot_count;
    uint32_t count = old_count == 0 ? 256 : 2 * old_count;

    if (count > SITE_SLOTS)
        return false;
    struct site_slot *slots = calloc(count, sizeof(*slots));

    if (slots == NULL)
        return false;
    reg->slots = slots;
    reg->slot_count = count;
    for (uint32_t i = 0; i < old_count; i++)
        if (old[i].key != NULL)
            *slot_of(reg, old[i].key) = old[i];
    free(old);
    return true;
}

struct registry *registry_new(void)
{
    struct registry *reg = calloc(1, sizeof(*reg));

    if (reg == NULL)
        return NULL;
    arena_init(&reg->strings, STRINGS_LIMIT);
    arena_init(&reg->lasting, STRINGS_LIMIT);
    reg->run = 1;
    if (slots_double(reg))
        return reg;
    free(reg);
    return NULL;
}

/* The number of the place that is the same, perhaps under another address: an inlined function has
 * several.  place_count if there is none. */
static uint32_t find_equal(const struct registry *reg, const struct sim_site *site)
{
    uint32_t i = 0;

    while (i < reg->place_count && (reg->places[i].site.line != site->line ||
                                    strcmp(reg->places[i].site.file, site->file) != 0 ||
                                    strcmp(reg->places[i].site.func, site->func) != 0))
        i++;
    return i;
}

/* Find or add.  NULL when out of memory. */
static struct place *place_equal_to(struct registry *reg, const struct sim_site *site)
{
    uint32_t index = find_equal(reg, site);

    if (index < reg->place_count)
        return &reg->places[index];
    bool room = vec_reserve(&reg->places, index + 1, &reg->place_capacity, sizeof(*reg->places));
    const char *file = room ? keep(&reg->lasting, site->file, strlen(site->file)) : NULL;
    const char *func = room ? keep(&reg->lasting, site->func, strlen(site->func)) : NULL;

    if (file == NULL || func == NULL) {
        reg->out_of_memory = true;
        return NULL;
    }
    reg->places[index] = (struct place){.site = {.file = file, .func = func, .line = site->line}};
    reg->place_count++;
    return &reg->places[index];
}

/* What is known of an address: its place is looked up by its words when it is met first.  NULL
 * when out of memory, or of slots. */
static struct site_slot *slot_for(struct registry *reg, const struct sim_site *site)
{
    if (2 * (reg->slots_used + 1) > reg->slot_count && !slots_double(reg))
        return NULL;
    struct site_slot *slot = slot_of(reg, site);

    if (slot->key == NULL) {
        const struct place *place = place_equal_to(reg, site);

        if (place == NULL)
            return NULL;
        *slot = (struct site_slot){.key = site, .place = (uint32_t)(place - reg->places)};
        reg->slots_used++;
    }
    return slot;
}

/* The id of a place in this run, given when it is used first. */
static uint16_t use(struct registry *reg, struct place *place)
{
    if (place->run == reg->run)
        return place->id;
    if (reg->used_count == SITES_MAX)
        return 0;
    if (!vec_reserve(&reg->used, reg->used_count + 1, &reg->used_capacity, sizeof(*reg->used))) {
        reg->out_of_memory = true;
        return 0;
    }
    reg->used[reg->used_count++] = (uint32_t)(place - reg->places);
    place->id = (uint16_t)reg->used_count;
    place->run = reg->run;
    return place->id;
}

/* As registry_site, for an address that was not met in this run, or not where it was looked for. */
static __attribute__((noinline)) uint16_t find_site(struct registry *reg,
                                                    const struct sim_site *site)
{
    struct site_slot *slot = slot_for(reg, site);

    if (slot == NULL) {
        struct place *place = place_equal_to(reg, site);

        return place == NULL ? 0 : use(reg, place);
    }
    slot->id = use(reg, &reg->places[slot->place]);
    slot->run = slot->id == 0 ? 0 : reg->run;
    return slot->id;
}

uint16_t registry_site(struct registry *reg, const struct sim_site *site)
{
    if (site == NULL)
        return 0;
    const struct site_slot *slot = first_slot(reg, site);

    if (slot->key == site && slot->run == reg->run)
        return slot->id;
    return find_site(reg, site);
}

uint16_t registry_site_copy(struct registry *reg, const char *file, const char *func, int line)
{
    struct sim_site site = {.file = file, .func = func, .line = line};
    struct place *place = place_equal_to(reg, &site);

    return place == NULL || place->run == reg->run ? 0 : use(reg, place);
}

uint16_t registry_site_count(const struct registry *reg)
{
    return (uint16_t)reg->used_count;
}

const struct sim_site *registry_site_at(const struct registry *reg, uint16_t id)
{
    return id == 0 || id > reg->used_count ? NULL : &reg->places[reg->used[id - 1]].site;
}

uint32_t registry_text(struct registry *reg, const char *text, size_t length)
{
    if (!vec_reserve(&reg->texts, reg->text_count + 1, &reg->text_capacity, sizeof(*reg->texts)))
        return 0;
    const char *copy = keep(&reg->strings, text, length);

    if (copy == NULL)
        return 0;
    reg->texts[reg->text_count] = copy;
    return ++reg->text_count;
}

uint32_t registry_text_count(const struct registry *reg)
{
    return reg->text_count;
}

const char *registry_text_at(const struct registry *reg, uint32_t id)
{
    return id == 0 || id > reg->text_count ? "" : reg->texts[id - 1];
}

const char *sim_object_kind_name(unsigned kind)
{
    static const char *const names[] = {
#define OBJECT_NAME(id, name, prefix) [id] = name,
        SIM_OBJECTS(OBJECT_NAME)
#undef OBJECT_NAME
    };

    return kind < SIM_OBJECT_COUNT ? names[kind] : "?";
}
