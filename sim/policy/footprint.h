/* Footprint: what one step of an actor touched, as far as the order of steps can matter.
 *
 * Two steps are dependent if one of them enables the other's actor, or if they touch the same
 * object and do not both only read it.  Objects and actors go by their stable ids (identity.h). */
#ifndef SIM_POLICY_FOOTPRINT_H
#define SIM_POLICY_FOOTPRINT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum touch_how {
    TOUCH_READ,
    TOUCH_AWAIT, /* the same, and it would have waited for the first change since it did so last */
    TOUCH_WRITE,
    TOUCH_LOCK,   /* waits while it is held: never in a race with the release before it */
    TOUCH_TRY,    /* takes it, and would have gone on if it had been held */
    TOUCH_UNLOCK, /* */
    TOUCH_END,    /* of the actor that is the object */
    TOUCH_JOIN,   /* waits for that end: never in a race with it */
    TOUCH_ENABLE, /* the object is an actor, which can now go on */
    TOUCH_CHOICE, /* the object is the value of a choice within the step: touches nothing */
    TOUCH_ADDED,  /* the object is the number of a call that a loop is to make: touches nothing */
    TOUCH_MADE,   /* the same of the call that the step is: comes after the step that added it */
};

/* Is the object of the touch a number, and none that has an id? */
static inline bool touch_is_number(uint32_t how)
{
    return how >= TOUCH_CHOICE;
}

/* Does it leave the object as it is? */
static inline bool touch_reads(uint32_t how)
{
    return how <= TOUCH_AWAIT;
}

/* In the place of an object: every object. */
#define TOUCH_ALL UINT32_MAX

struct touch {
    uint32_t object;
    uint32_t how;
};

struct footprint {
    uint32_t actor;
    uint32_t count;
    uint32_t capacity;
    uint32_t refs;
    /* Sets of ids modulo 64; TOUCH_ALL is all of them. */
    uint64_t self;    /* the actor; all, if it touches all */
    uint64_t enables; /* actors */
    uint64_t touched; /* however */
    uint64_t changed; /* more than read */
    bool silent;  /* it only joins, and prints nothing: no other step can be in a race with it */
    bool locks;   /* takes something that it waits for */
    bool exact;   /* all ids are below FOOTPRINT_EXACT: the sets tell all */
    bool calls;   /* some touch is the number of a call */
    bool partial; /* of a step that was not seen: it begins like this, and may touch more */
    struct footprint *next; /* in the list of free ones */
    struct touch touches[];
};

enum { FOOTPRINT_CLASSES = 20, FOOTPRINT_EXACT = 64 };

/* Where footprints come from: nothing is given back to the system before the end. */
struct footprint_pool {
    struct footprint *idle[FOOTPRINT_CLASSES]; /* by capacity: 4, 8, 16 ... */
    uint64_t made;
};

void footprint_pool_free(struct footprint_pool *pool);

/* An empty one of an actor, with one reference.  NULL when out of memory. */
struct footprint *footprint_new(struct footprint_pool *pool, uint32_t actor);
struct footprint *footprint_copy(struct footprint_pool *pool, const struct footprint *from);
void footprint_drop(struct footprint_pool *pool, struct footprint *print); /* NULL: nothing */

static inline struct footprint *footprint_share(struct footprint *print)
{
    print->refs++;
    return print;
}

/* The slow half of footprint_add. */
bool footprint_add_more(struct footprint_pool *pool, struct footprint **print, struct touch touch);

/* Add a touch behind the others; one that is there already, or is part of a stronger one, changes
 * nothing, but who is enabled twice is there twice.  *print may move.  Only for a footprint with
 * one reference. Returns false when out of memory. */
static inline bool footprint_add(struct footprint_pool *pool, struct footprint **print,
                                 struct touch touch)
{
    struct footprint *to = *print;
    uint64_t bit = UINT64_C(1) << touch.object % FOOTPRINT_EXACT;

    if (touch.how > TOUCH_JOIN || touch.object >= FOOTPRINT_EXACT || (to->touched & bit) != 0 ||
        to->count == to->capacity)
        return footprint_add_more(pool, print, touch);
    to->touches[to->count++] = touch;
    to->touched |= bit;
    to->changed |= touch_reads(touch.how) ? 0 : bit;
    to->silent &= touch.how == TOUCH_JOIN;
    to->locks |= touch.how == TOUCH_LOCK;
    return true;
}

/* Whatever it reads it may write, too. */
void footprint_write_all(struct footprint *print);

/* The nth value of its choices; false if there are not so many. */
bool footprint_choice(const struct footprint *print, uint32_t nth, uint32_t *value);

/* Does it choose as many numbers as another does first, and then the value? */
bool footprint_chooses(const struct footprint *print, const struct footprint *first, uint32_t count,
                       uint32_t value);

/* Do two ways of a step part: do they choose another number in the same place? */
bool footprint_parts(const struct footprint *a, const struct footprint *b);

/* Add all touches of another, but for numbers; who is enabled by both is there once.  Returns false
 * when out of memory. */
bool footprint_join(struct footprint_pool *pool, struct footprint **print,
                    const struct footprint *other);

/* Is a step that does this dependent on it? */
bool footprint_meets(const struct footprint *print, struct touch touch);

/* Does it touch anything? */
static inline bool footprint_touches(const struct footprint *print)
{
    return (print->touched | print->enables) != 0;
}

static inline bool footprint_touches_all(const struct footprint *print)
{
    return print->self == UINT64_MAX;
}

/* The slow half of footprint_dependent. */
bool footprint_conflicts(const struct footprint *a, const struct footprint *b);

static inline bool footprint_dependent(const struct footprint *a, const struct footprint *b)
{
    uint64_t common = ((a->self | a->enables) & b->self) | (a->self & b->enables) |
                      (a->touched & b->changed) | (a->changed & b->touched);

    return common != 0 && ((a->exact && b->exact) || footprint_conflicts(a, b));
}

#endif
