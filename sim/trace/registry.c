#include "sim/trace/registry.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/base/arena.h"
#include "sim/base/vec.h"

enum { SITES_MAX = UINT16_MAX, SITE_SLOTS = 1 << 17 };

#define STRINGS_LIMIT ((size_t)4 << 30)

struct site_slot {
    const struct sim_site *key; /* by address */
    uint16_t id;
};

/* Invariant: ids are given in order of first use in the run, so they depend on no address. */
struct registry {
    struct sim_object *objects;
    uint32_t object_count;
    size_t object_capacity;
    uint32_t numbers[SIM_OBJECT_COUNT];
    struct sim_site *sites;
    uint32_t site_count;
    size_t site_capacity;
    struct site_slot *slots; /* open addressing; slot_count is a power of two */
    uint32_t slot_count;
    const char **texts;
    uint32_t text_count;
    size_t text_capacity;
    struct arena strings;
};

struct registry *registry_new(void)
{
    struct registry *reg = calloc(1, sizeof(*reg));

    if (reg != NULL)
        arena_init(&reg->strings, STRINGS_LIMIT);
    return reg;
}

void registry_free(struct registry *reg)
{
    if (reg == NULL)
        return;
    arena_free(&reg->strings);
    free(reg->objects);
    free(reg->sites);
    free(reg->slots);
    free(reg->texts);
    free(reg);
}

void registry_reset(struct registry *reg)
{
    reg->object_count = 0;
    memset(reg->numbers, 0, sizeof(reg->numbers));
    if (reg->site_count > 0)
        memset(reg->slots, 0, reg->slot_count * sizeof(*reg->slots));
    reg->site_count = 0;
    reg->text_count = 0;
    arena_reset(&reg->strings);
}

static const char *keep(struct registry *reg, const char *text, size_t length)
{
    char *copy = arena_alloc(&reg->strings, length + 1);

    if (copy != NULL) {
        memcpy(copy, text, length);
        copy[length] = '\0';
    }
    return copy;
}

uint32_t registry_add(struct registry *reg, enum sim_object_kind kind, const char *name,
                      uint32_t parent, uint16_t site)
{
    if (!vec_reserve(&reg->objects, reg->object_count + 1, &reg->object_capacity,
                     sizeof(*reg->objects)))
        return 0;
    const char *copy = name == NULL ? NULL : keep(reg, name, strlen(name));

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
    const char *copy = keep(reg, name, strlen(name));

    if (copy != NULL)
        reg->objects[id - 1].name = copy;
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

static struct site_slot *slot_of(const struct registry *reg, const struct sim_site *site)
{
    uint64_t hash = (uint64_t)(uintptr_t)site * UINT64_C(0x9e3779b97f4a7c15);
    uint32_t mask = reg->slot_count - 1;

    for (uint32_t i = (uint32_t)(hash >> 40) & mask;; i = (i + 1) & mask)
        if (reg->slots[i].key == site || reg->slots[i].key == NULL)
            return &reg->slots[i];
}

static bool slots_double(struct registry *reg)
{
    struct site_slot *old = reg->slots;
    uint32_t old_count = reg->slot_count;
    uint32_t count = old_count == 0 ? 64 : 2 * old_count;

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

/* The same place under another address: an inlined function has several. */
static uint16_t find_equal(const struct registry *reg, const struct sim_site *site)
{
    for (uint32_t i = 0; i < reg->site_count; i++)
        if (reg->sites[i].line == site->line && strcmp(reg->sites[i].file, site->file) == 0 &&
            strcmp(reg->sites[i].func, site->func) == 0)
            return (uint16_t)(i + 1);
    return 0;
}

static uint16_t add_site(struct registry *reg, const struct sim_site *site)
{
    uint16_t id = find_equal(reg, site);

    if (id != 0)
        return id;
    if (reg->site_count == SITES_MAX ||
        !vec_reserve(&reg->sites, reg->site_count + 1, &reg->site_capacity, sizeof(*reg->sites)))
        return 0;
    const char *file = keep(reg, site->file, strlen(site->file));
    const char *func = keep(reg, site->func, strlen(site->func));

    if (file == NULL || func == NULL)
        return 0;
    reg->sites[reg->site_count] = (struct sim_site){.file = file, .func = func, .line = site->line};
    return (uint16_t)++reg->site_count;
}

uint16_t registry_site(struct registry *reg, const struct sim_site *site)
{
    if (site == NULL)
        return 0;
    if (2 * (reg->site_count + 1) > reg->slot_count && !slots_double(reg))
        return find_equal(reg, site);
    struct site_slot *slot = slot_of(reg, site);

    if (slot->key == NULL) {
        slot->id = add_site(reg, site);
        slot->key = slot->id == 0 ? NULL : site;
    }
    return slot->id;
}

uint16_t registry_site_copy(struct registry *reg, const char *file, const char *func, int line)
{
    struct sim_site site = {.file = file, .func = func, .line = line};
    uint32_t before = reg->site_count;
    uint16_t id = add_site(reg, &site);

    return reg->site_count > before ? id : 0;
}

uint16_t registry_site_count(const struct registry *reg)
{
    return (uint16_t)reg->site_count;
}

const struct sim_site *registry_site_at(const struct registry *reg, uint16_t id)
{
    return id == 0 || id > reg->site_count ? NULL : &reg->sites[id - 1];
}

uint32_t registry_text(struct registry *reg, const char *text, size_t length)
{
    if (!vec_reserve(&reg->texts, reg->text_count + 1, &reg->text_capacity, sizeof(*reg->texts)))
        return 0;
    const char *copy = keep(reg, text, length);

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
