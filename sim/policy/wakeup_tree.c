#include "sim/policy/wakeup_tree.h"

#include <stdlib.h>
#include <string.h>

void sequence_free(struct sequence *sequence)
{
    free(sequence->at);
    *sequence = (struct sequence){0};
}

size_t sequence_find(const struct sequence *sequence, uint32_t actor)
{
    size_t at = 0;

    while (at < sequence->count && sequence->at[at]->actor != actor)
        at++;
    return at;
}

bool sequence_initial(const struct sequence *sequence, const struct footprint *print)
{
    return sequence_find(sequence, print->actor) < sequence->count &&
           sequence_weak_initial(sequence, print);
}

static void take_out(struct sequence *sequence, uint32_t actor)
{
    size_t at = sequence_find(sequence, actor);

    if (at == sequence->count)
        return;
    sequence->count--;
    memmove(&sequence->at[at], &sequence->at[at + 1],
            (sequence->count - at) * sizeof(sequence->at[0]));
}

struct wakeup_node *wakeup_node_new(struct wakeup_pool *pool, struct footprint_pool *prints,
                                    struct footprint *print)
{
    struct wakeup_node *node = pool->idle;

    if (node != NULL) {
        pool->idle = node->next;
    } else {
        node = malloc(sizeof(*node));
        pool->made += node != NULL;
    }
    if (node != NULL && print != NULL) {
        *node = (struct wakeup_node){.print = print, .unseen = print->partial};
        pool->used++;
        return node;
    }
    footprint_drop(prints, print);
    if (node != NULL) {
        node->next = pool->idle;
        pool->idle = node;
    }
    return NULL;
}

struct wakeup_node *wakeup_leaf(struct wakeup_pool *pool, struct footprint_pool *prints,
                                uint32_t actor)
{
    return wakeup_node_new(pool, prints, footprint_new(prints, actor));
}

/* The sequence as a branch of its own, behind the others. */
static bool append(struct wakeup_pool *pool, struct footprint_pool *prints,
                   struct wakeup_node **place, const struct sequence *sequence)
{
    while (*place != NULL)
        place = &(*place)->next;
    for (size_t i = 0; i < sequence->count; i++) {
        *place = wakeup_node_new(pool, prints, footprint_share(sequence->at[i]));
        if (*place == NULL)
            return false;
        place = &(*place)->first;
    }
    return true;
}

/* Can the node's step go before the sequence, or as the first of it?  If it has not been seen, what
 * the sequence knows of it must say so. */
static bool fits(const struct sequence *sequence, const struct wakeup_node *node)
{
    size_t at = sequence_find(sequence, node->print->actor);
    bool there = at < sequence->count;
    uint32_t number = 0;

    /* It may go other ways, too. */
    if (!node->print->partial && footprint_choice(node->print, 0, &number) &&
        (!there || footprint_parts(node->print, sequence->at[at])))
        return false;
    if (!node->print->partial)
        return sequence_weak_initial(sequence, node->print);
    if (!there)
        return false;
    const struct footprint *print = sequence->at[at];

    for (size_t i = 0; i < at; i++)
        if (footprint_dependent(sequence->at[i], print) ||
            footprint_dependent(sequence->at[i], node->print) ||
            (print->partial && footprint_touches(sequence->at[i])))
            return false;
    return true;
}

/* The node's step is one of the sequence: what that knows of it is true of the node, unless it is
 * to come before something that touches all.  Returns false when out of memory. */
static bool learn(struct footprint_pool *prints, struct wakeup_node *node,
                  const struct sequence *sequence)
{
    if (!node->print->partial || footprint_touches_all(node->print))
        return true;
    struct footprint *seen = sequence->at[sequence_find(sequence, node->print->actor)];
    struct footprint *print =
        seen->partial ? footprint_copy(prints, node->print) : footprint_share(seen);

    if (print == NULL || (seen->partial && !footprint_join(prints, &print, seen))) {
        footprint_drop(prints, print);
        return false;
    }
    footprint_drop(prints, node->print);
    node->print = print;
    return true;
}

bool wakeup_insert(struct wakeup_pool *pool, struct footprint_pool *prints,
                   struct wakeup_node **tree, struct sequence *sequence, bool open)
{
    while (sequence->count > 0) {
        struct wakeup_node *node = *tree;

        while (node != NULL && !fits(sequence, node))
            node = node->next;
        if (node == NULL) {
            sequence->count -= open;
            return append(pool, prints, tree, sequence);
        }
        if (!learn(prints, node, sequence))
            return false;
        if (node->first == NULL && !node->unseen)
            return true;
        take_out(sequence, node->print->actor);
        tree = &node->first;
    }
    return true;
}

void wakeup_node_free(struct wakeup_pool *pool, struct footprint_pool *prints,
                      struct wakeup_node *node)
{
    footprint_drop(prints, node->print);
    pool->used--;
    node->next = pool->idle;
    pool->idle = node;
}

void wakeup_free(struct wakeup_pool *pool, struct footprint_pool *prints, struct wakeup_node **tree)
{
    struct wakeup_node *todo = *tree;

    *tree = NULL;
    while (todo != NULL) {
        struct wakeup_node *node = todo;

        todo = node->next;
        if (node->first != NULL) {
            struct wakeup_node *last = node->first;

            while (last->next != NULL)
                last = last->next;
            last->next = todo;
            todo = node->first;
        }
        wakeup_node_free(pool, prints, node);
    }
}

/* Where nodes hang, from the root down to the one that is looked at. */
struct trail {
    struct wakeup_node ***at; /* owned */
    size_t count;
    size_t capacity;
};

static bool step_down(struct trail *trail, struct sequence *sequence, struct wakeup_node **place)
{
    if (!vec_reserve(&trail->at, trail->count + 1, &trail->capacity, sizeof(trail->at[0])) ||
        !sequence_push(sequence, (*place)->print))
        return false;
    trail->at[trail->count++] = place;
    return true;
}

bool wakeup_take_out(struct wakeup_pool *pool, struct footprint_pool *prints,
                     struct wakeup_node **tree, struct sequence *sequence, wakeup_path_fn takes,
                     void *arg)
{
    struct trail trail = {0};
    bool enters = true;
    bool ok = *tree == NULL || step_down(&trail, sequence, tree);

    while (ok && trail.count > 0) {
        struct wakeup_node **place = trail.at[trail.count - 1];
        struct wakeup_node *node = *place;

        if (enters && node->first != NULL) {
            ok = step_down(&trail, sequence, &node->first);
            continue;
        }
        bool gone = node->first == NULL && (!enters || takes(sequence, arg));

        sequence->count--;
        trail.count--;
        if (gone) {
            *place = node->next;
            wakeup_node_free(pool, prints, node);
        } else {
            place = &node->next;
        }
        enters = *place != NULL;
        ok = !enters || step_down(&trail, sequence, place);
    }
    free(trail.at);
    return ok;
}

void wakeup_pool_free(struct wakeup_pool *pool)
{
    while (pool->idle != NULL) {
        struct wakeup_node *node = pool->idle;

        pool->idle = node->next;
        free(node);
    }
}
