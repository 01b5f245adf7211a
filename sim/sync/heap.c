#include "sim/sync/heap.h"

#include <string.h>

#include "sim/core/state.h"

/* How deep lists in lists are compared. */
enum { DEPTH_MAX = 64 };

/* As type(value).__name__. */
static const char *type_name(struct sim_value value)
{
    switch (value.type) {
    case SIM_NONE:
        return "NoneType";
    case SIM_INT:
        return "int";
    case SIM_STR:
        return "str";
    case SIM_LIST:
        return "list";
    case SIM_EXC:
        return sim_status_name(sim_exception_kind(value.as.exception));
    case SIM_PTR:
        break;
    }
    return "object";
}

/* Are two equal, of which not both are lists? */
static bool same(struct sim_value a, struct sim_value b)
{
    if (a.type != b.type)
        return false;
    switch (a.type) {
    case SIM_NONE:
        return true;
    case SIM_INT:
        return a.as.integer == b.as.integer;
    case SIM_STR:
        return strcmp(a.as.string, b.as.string) == 0;
    case SIM_PTR:
        return a.as.pointer == b.as.pointer;
    case SIM_EXC:
        return a.as.exception == b.as.exception;
    case SIM_LIST:
        break;
    }
    return false;
}

/* Two lists, of which the items before `next` are equal. */
struct level {
    struct sim_value a;
    struct sim_value b;
    uint32_t next;
};

static bool both_lists(struct sim_value a, struct sim_value b)
{
    return a.type == SIM_LIST && b.type == SIM_LIST;
}

/* Where two lists differ first, their items differ, or one of them ends: *a and *b become these
 * items, or these lists; the lists themselves, if they are equal.  Returns false if they are too
 * deep. */
static bool find_difference(struct sim_value *a, struct sim_value *b)
{
    struct level levels[DEPTH_MAX];
    int depth = 0;

    levels[0] = (struct level){*a, *b, 0};
    for (;;) {
        struct level *level = &levels[depth];
        uint32_t i = level->next++;

        *a = level->a;
        *b = level->b;
        if (i == a->count || i == b->count) {
            if (a->count != b->count || depth == 0)
                return true;
            depth--;
            continue;
        }
        *a = a->as.items[i];
        *b = b->as.items[i];
        if (!both_lists(*a, *b)) {
            if (!same(*a, *b))
                return true;
        } else if (++depth == DEPTH_MAX) {
            return false;
        } else {
            levels[depth] = (struct level){*a, *b, 0};
        }
    }
}

enum sim_status value_less(struct sim *sim, struct sim_value a, struct sim_value b,
                           sim_compare_fn compare, bool *less)
{
    if (compare != NULL) {
        *less = compare(a, b) < 0;
        return SIM_OK;
    }
    if (both_lists(a, b) && !find_difference(&a, &b))
        return sim_raise(sim, SIM_RUNTIME_ERROR, "maximum recursion depth exceeded in comparison");
    if (both_lists(a, b))
        *less = a.count < b.count;
    else if (a.type == SIM_INT && b.type == SIM_INT)
        *less = a.as.integer < b.as.integer;
    else if (a.type == SIM_STR && b.type == SIM_STR)
        *less = strcmp(a.as.string, b.as.string) < 0;
    else
        return sim_raise(sim, SIM_TYPE_ERROR,
                         "'<' not supported between instances of '%s' and '%s'", type_name(a),
                         type_name(b));
    return SIM_OK;
}

static void swap(struct sim_value *slots, size_t i, size_t j)
{
    struct sim_value kept = slots[i];

    slots[i] = slots[j];
    slots[j] = kept;
}

/* Towards the root, past every parent that is greater. */
static enum sim_status rise(struct sim *sim, struct sim_value *slots, size_t at,
                            sim_compare_fn compare)
{
    while (at > 0) {
        size_t parent = (at - 1) / 2;
        bool less = false;

        SIM_TRY(value_less(sim, slots[at], slots[parent], compare, &less));
        if (!less)
            return SIM_OK;
        swap(slots, at, parent);
        at = parent;
    }
    return SIM_OK;
}

enum sim_status heap_pushed(struct sim *sim, struct sim_value *slots, size_t count,
                            sim_compare_fn compare)
{
    SIM_ASSERT(count > 0);
    return rise(sim, slots, count - 1, compare);
}

/* As heapq does: the last goes to the root, and without being compared down to a leaf, as the
 * smaller child (of equals, the right one) comes up each time; from there it rises. */
enum sim_status heap_pop(struct sim *sim, struct sim_value *slots, size_t count,
                         sim_compare_fn compare, struct sim_value *least)
{
    size_t at = 0;

    SIM_ASSERT(count > 0);
    struct sim_value top = slots[0];

    count--;
    slots[0] = slots[count];
    for (size_t child = 1; child < count; child = 2 * at + 1) {
        if (child + 1 < count) {
            bool left = false;

            SIM_TRY(value_less(sim, slots[child], slots[child + 1], compare, &left));
            child += !left;
        }
        swap(slots, at, child);
        at = child;
    }
    SIM_TRY(rise(sim, slots, at, compare));
    *least = top;
    return SIM_OK;
}
