#include "sim/policy/footprint.h"

#include <stdlib.h>
#include <string.h>

enum { LEAST = 4 };

static uint32_t class_of(uint32_t capacity)
{
    uint32_t class = 0;

    while ((uint32_t)LEAST << class < capacity)
        class ++;
    return class;
}

static uint64_t bit_of(uint32_t id)
{
    return id == TOUCH_ALL ? UINT64_MAX : UINT64_C(1) << id % 64;
}

static struct footprint *take(struct footprint_pool *pool, uint32_t actor, uint32_t capacity)
{
    uint32_t class = class_of(capacity);

    if (class >= FOOTPRINT_CLASSES)
        return NULL;
    struct footprint *print = pool->idle[class];

    if (print != NULL) {
        pool->idle[class] = print->next;
    } else {
        capacity = (uint32_t)LEAST << class;
        print = malloc(sizeof(*print) + capacity * sizeof(print->touches[0]));
        if (print == NULL)
            return NULL;
        print->capacity = capacity;
        pool->made++;
    }
    print->actor = actor;
    print->self = bit_of(actor);
    print->enables = 0;
    print->touched = 0;
    print->changed = 0;
    print->silent = true;
    print->locks = false;
    print->exact = actor < FOOTPRINT_EXACT;
    print->calls = false;
    print->partial = false;
    print->count = 0;
    print->refs = 1;
    return print;
}

static void copy_sets(struct footprint *print, const struct footprint *from)
{
    print->self = from->self;
    print->enables = from->enables;
    print->touched = from->touched;
    print->changed = from->changed;
    print->silent = from->silent;
    print->locks = from->locks;
    print->exact = from->exact;
    print->calls = from->calls;
    print->partial = from->partial;
}

static inline void add_to_sets(struct footprint *print, struct touch touch)
{
    uint64_t bit = bit_of(touch.object);

    print->silent &= touch.how == TOUCH_JOIN;
    if (touch_is_number(touch.how)) {
        print->calls |= touch.how != TOUCH_CHOICE;
        return;
    }
    print->exact &= touch.object < FOOTPRINT_EXACT;
    if (touch.how == TOUCH_ENABLE) {
        print->enables |= bit;
        return;
    }
    /* That somebody can go on matters to what matters to all. */
    if (touch.object == TOUCH_ALL)
        print->self = bit;
    print->locks |= touch.how == TOUCH_LOCK;
    print->touched |= bit;
    if (!touch_reads(touch.how))
        print->changed |= bit;
}

void footprint_pool_free(struct footprint_pool *pool)
{
    for (uint32_t class = 0; class < FOOTPRINT_CLASSES; class ++) {
        while (pool->idle[class] != NULL) {
            struct footprint *print = pool->idle[class];

            pool->idle[class] = print->next;
            free(print);
        }
    }
}

struct footprint *footprint_new(struct footprint_pool *pool, uint32_t actor)
{
    return take(pool, actor, LEAST);
}

struct footprint *footprint_copy(struct footprint_pool *pool, const struct footprint *from)
{
    struct footprint *print = take(pool, from->actor, from->count);

    if (print == NULL)
        return NULL;
    memcpy(print->touches, from->touches, from->count * sizeof(from->touches[0]));
    print->count = from->count;
    copy_sets(print, from);
    return print;
}

void footprint_drop(struct footprint_pool *pool, struct footprint *print)
{
    if (print == NULL || --print->refs > 0)
        return;
    uint32_t class = class_of(print->capacity);

    print->next = pool->idle[class];
    pool->idle[class] = print;
}

bool footprint_add_more(struct footprint_pool *pool, struct footprint **print, struct touch touch)
{
    struct footprint *old = *print;

    if (touch.how < TOUCH_ENABLE && (old->touched & bit_of(touch.object)) != 0) {
        for (uint32_t i = 0; i < old->count; i++) {
            const struct touch *known = &old->touches[i];

            if (known->object != touch.object)
                continue;
            if (known->how == touch.how || (known->how == TOUCH_WRITE && touch_reads(touch.how)))
                return true;
        }
    }
    if (old->count == old->capacity) {
        struct footprint *grown = take(pool, old->actor, 2 * old->capacity);

        if (grown == NULL)
            return false;
        memcpy(grown->touches, old->touches, old->count * sizeof(old->touches[0]));
        grown->count = old->count;
        copy_sets(grown, old);
        footprint_drop(pool, old);
        *print = grown;
    }
    (*print)->touches[(*print)->count++] = touch;
    add_to_sets(*print, touch);
    return true;
}

void footprint_write_all(struct footprint *print)
{
    for (uint32_t i = 0; i < print->count; i++)
        if (touch_reads(print->touches[i].how))
            print->touches[i].how = TOUCH_WRITE;
    print->changed = print->touched;
}

bool footprint_choice(const struct footprint *print, uint32_t nth, uint32_t *value)
{
    for (uint32_t i = 0; i < print->count; i++) {
        if (print->touches[i].how != TOUCH_CHOICE || nth-- > 0)
            continue;
        *value = print->touches[i].object;
        return true;
    }
    return false;
}

bool footprint_chooses(const struct footprint *print, const struct footprint *first, uint32_t count,
                       uint32_t value)
{
    for (uint32_t i = 0; i <= count; i++) {
        uint32_t chosen = 0;
        uint32_t wanted = value;

        if (!footprint_choice(print, i, &chosen) ||
            (i < count && !footprint_choice(first, i, &wanted)) || chosen != wanted)
            return false;
    }
    return true;
}

bool footprint_parts(const struct footprint *a, const struct footprint *b)
{
    uint32_t one = 0;
    uint32_t other = 0;

    for (uint32_t i = 0; footprint_choice(a, i, &one) && footprint_choice(b, i, &other); i++)
        if (one != other)
            return true;
    return false;
}

static bool enables(const struct footprint *print, uint32_t actor)
{
    for (uint32_t i = 0; i < print->count; i++)
        if (print->touches[i].how == TOUCH_ENABLE && print->touches[i].object == actor)
            return true;
    return false;
}

bool footprint_join(struct footprint_pool *pool, struct footprint **print,
                    const struct footprint *other)
{
    bool ok = true;

    for (uint32_t i = 0; ok && i < other->count; i++) {
        struct touch touch = other->touches[i];

        if (!touch_is_number(touch.how) &&
            (touch.how != TOUCH_ENABLE || !enables(*print, touch.object)))
            ok = footprint_add(pool, print, touch);
    }
    return ok;
}

static bool conflict(struct touch a, struct touch b)
{
    if ((a.object == TOUCH_ALL && b.how == TOUCH_ENABLE) ||
        (b.object == TOUCH_ALL && a.how == TOUCH_ENABLE))
        return true;
    if (a.how >= TOUCH_ENABLE || b.how >= TOUCH_ENABLE)
        return false;
    if (a.object != b.object && a.object != TOUCH_ALL && b.object != TOUCH_ALL)
        return false;
    return !touch_reads(a.how) || !touch_reads(b.how);
}

bool footprint_meets(const struct footprint *print, struct touch touch)
{
    if (touch.how == TOUCH_ENABLE && touch.object == print->actor)
        return true;
    for (uint32_t i = 0; i < print->count; i++)
        if (conflict(print->touches[i], touch))
            return true;
    return false;
}

bool footprint_conflicts(const struct footprint *a, const struct footprint *b)
{
    if (a->actor == b->actor || enables(a, b->actor) || enables(b, a->actor))
        return true;
    for (uint32_t i = 0; i < a->count; i++)
        for (uint32_t k = 0; k < b->count; k++)
            if (conflict(a->touches[i], b->touches[k]))
                return true;
    return false;
}
