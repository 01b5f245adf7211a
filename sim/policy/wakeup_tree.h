/* Wake-up tree: sequences of steps that a search has still to try from one point (Abdulla, Aronis,
 * Jonsson, Sagonas: Optimal dynamic partial order reduction, POPL 2014, section 5). */
#ifndef SIM_POLICY_WAKEUP_TREE_H
#define SIM_POLICY_WAKEUP_TREE_H

#include "sim/base/vec.h"
#include "sim/policy/footprint.h"

struct wakeup_node {
    struct footprint *print;   /* of the step; one reference */
    struct wakeup_node *first; /* what follows it, in order; NULL: a leaf, anything may follow */
    struct wakeup_node *next;  /* the other steps at the same point; and the list of free nodes */
    bool unseen;               /* as it was planned, it was not known all that its step does */
};

struct wakeup_pool {
    struct wakeup_node *idle;
    uint64_t used;
    uint64_t made;
};

/* Steps in the order in which they happened; the footprints belong to somebody else. */
struct sequence {
    struct footprint **at; /* owned */
    size_t count;
    size_t capacity;
};

/* Returns false when out of memory. */
static inline bool sequence_push(struct sequence *sequence, struct footprint *print)
{
    if (!vec_reserve(&sequence->at, sequence->count + 1, &sequence->capacity,
                     sizeof(struct footprint *)))
        return false;
    sequence->at[sequence->count++] = print;
    return true;
}

void sequence_free(struct sequence *sequence);

/* Is the actor of this step a weak initial of the sequence: can its step go first, either as one of
 * the sequence or beside all of it? */
static inline bool sequence_weak_initial(const struct sequence *sequence,
                                         const struct footprint *print)
{
    /* In the sequence its step may look different: what it is from here is what print says. */
    for (size_t i = 0; i < sequence->count && sequence->at[i]->actor != print->actor; i++)
        if (footprint_dependent(sequence->at[i], print))
            return false;
    return true;
}

/* The place of the actor's first step; sequence->count: it has none. */
size_t sequence_find(const struct sequence *sequence, uint32_t actor);

/* Is its step in the sequence, and can it go first? */
bool sequence_initial(const struct sequence *sequence, const struct footprint *print);

/* A node that stands alone, with a footprint that it takes over (also if it fails; NULL fails).
 * NULL when out of memory. */
struct wakeup_node *wakeup_node_new(struct wakeup_pool *pool, struct footprint_pool *prints,
                                    struct footprint *print);

/* The same: any step of the actor, and anything after it.  NULL when out of memory.
 */
struct wakeup_node *wakeup_leaf(struct wakeup_pool *pool, struct footprint_pool *prints,
                                uint32_t actor);

/* Insert the sequence, of which some equivalent may be there already.  Uses up the sequence; nodes
 * share its footprints, which must not change any more.  If it is open, its last step must come
 * some time after the others, and not at once: a new branch ends before it.
 *
 * Of a step that was not seen only a part is known: it does not begin what it might be in a race
 * with, and what goes below it stays a path of its own, for once it is seen it may be found that
 * some of these need not be tried, and others are not to come after it.  Returns false when out of
 * memory. */
bool wakeup_insert(struct wakeup_pool *pool, struct footprint_pool *prints,
                   struct wakeup_node **tree, struct sequence *sequence, bool open);

/* Take out all paths for which the function says so, and branches of which no path is left.  The
 * sequence is scratch, and empty.  Returns false when out of memory. */
typedef bool (*wakeup_path_fn)(const struct sequence *path, void *arg);

bool wakeup_take_out(struct wakeup_pool *pool, struct footprint_pool *prints,
                     struct wakeup_node **tree, struct sequence *sequence, wakeup_path_fn takes,
                     void *arg);

/* Give back a node that stands alone; and a whole list with all that follows. */
void wakeup_node_free(struct wakeup_pool *pool, struct footprint_pool *prints,
                      struct wakeup_node *node);
void wakeup_free(struct wakeup_pool *pool, struct footprint_pool *prints,
                 struct wakeup_node **tree);
void wakeup_pool_free(struct wakeup_pool *pool);

#endif
