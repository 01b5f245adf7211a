#include "sim/detect/permits.h"

#include <stdlib.h>

#include "sim/base/vec.h"

void permits_clear(struct permits *permits)
{
    permits->count = 0;
    permits->taken = 0;
    permits->unused = 0;
}

void permits_free(struct permits *permits)
{
    free(permits->all);
    permits->all = NULL;
}

/* The number of a permit that nobody has; 0 when out of memory. */
static uint32_t unused(struct permits *permits)
{
    uint32_t number = permits->unused;

    if (number != 0) {
        permits->unused = permits->all[number - 1].next;
        return number;
    }
    if (!vec_reserve(&permits->all, permits->count + 1, &permits->capacity, sizeof(*permits->all)))
        return 0;
    return ++permits->count;
}

bool permits_take(struct permits *permits, struct permit_list *list, struct moment moment)
{
    if (list->unowned > 0) {
        list->unowned--;
        return true;
    }
    uint32_t number = unused(permits);

    if (number == 0)
        return false;
    permits->all[number - 1] = (struct permit){.taken = moment, .next = list->newest};
    list->newest = number;
    permits->taken++;
    return true;
}

void permits_give(struct permits *permits, struct permit_list *list, uint32_t actor)
{
    uint32_t *link = &list->newest;

    if (*link == 0) {
        list->unowned++;
        list->handed_on = true;
        return;
    }
    while (permits->all[*link - 1].taken.actor != actor && permits->all[*link - 1].next != 0)
        link = &permits->all[*link - 1].next;
    uint32_t number = *link;

    list->handed_on |= permits->all[number - 1].taken.actor != actor;
    permits->taken--;
    *link = permits->all[number - 1].next;
    permits->all[number - 1].next = permits->unused;
    permits->unused = number;
}
