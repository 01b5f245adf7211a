/* Intrusive doubly linked list with a sentinel: nodes live in whatever is listed. */
#ifndef SIM_BASE_LIST_H
#define SIM_BASE_LIST_H

#include <stdbool.h>
#include <stddef.h>

struct list_node {
    struct list_node *prev;
    struct list_node *next;
};

/* The struct of this type whose member is at ptr. */
#define container_of(ptr, type, member) ((type *)(void *)((char *)(ptr)-offsetof(type, member)))

#define LIST_EACH(node, list)                                                                      \
    for (struct list_node *node = (list)->next; node != (list); node = node->next)

static inline void list_init(struct list_node *list)
{
    list->prev = list;
    list->next = list;
}

static inline bool list_empty(const struct list_node *list)
{
    return list->next == list;
}

static inline void list_append(struct list_node *list, struct list_node *node)
{
    node->prev = list->prev;
    node->next = list;
    list->prev->next = node;
    list->prev = node;
}

static inline void list_remove(struct list_node *node)
{
    node->prev->next = node->next;
    node->next->prev = node->prev;
    node->next = node;
    node->prev = node;
}

#endif
