/* What it means to dpor that somebody looks at something, or changes it, without an event of its
 * own: see enum sim_look. */
#include "sim/base/assert.h"
#include "sim/policy/dpor_state.h"

/* The number of a call as the object of a touch. */
static uint32_t number_of_call(int64_t call)
{
    return (uint32_t)(call >> 32 << 24) ^ (uint32_t)call;
}

/* Calls of a loop stay in order among themselves: whoever adds one has a place in that order. */
static void look_at_call(struct dpor *dpor, const struct sim_event *event)
{
    bool made = event->aux == SIM_LOOK_CALL_MADE;
    bool dropped = event->aux == SIM_LOOK_CALL_DROPPED;

    if (made || dropped)
        dpor_touch(dpor, identity_intern(&dpor->identity, 0, 4),
                   dropped ? TOUCH_WRITE : TOUCH_READ);
    if (dropped)
        return;
    if (event->aux == SIM_LOOK_TURN) {
        /* Where tasks keep their order, what a loop's thread does next is what is in its queue. */
        if (!dpor->turns && dpor->threads)
            dpor_touch(dpor, dpor_callbacks(dpor), TOUCH_READ);
        return;
    }
    if (event->aux >= SIM_LOOK_CALL_ADDED)
        dpor_touch(dpor, number_of_call(event->value), made ? TOUCH_MADE : TOUCH_ADDED);
    if (made)
        return;
    dpor_touch(dpor, dpor_callbacks(dpor), TOUCH_WRITE);
}

/* An item is added to the end of a queue, or taken from its front, or there is none: the ends are
 * objects, and so is the item.  How many wait for one, and whether it is open, is only looked at:
 * who changes that writes the queue itself.  In another order it may be this step that does. */
static void look_at_item(struct dpor *dpor, uint32_t queue, const struct sim_event *event)
{
    enum { END = 1, FRONT, ITEMS };
    enum { ADDED = SIM_LOOK_ITEM_ADDED, TAKEN, NONE_LEFT };
    uint32_t end =
        identity_intern(&dpor->identity, queue, event->aux == ADDED ? (uint32_t)END : FRONT);
    uint32_t item = identity_intern(&dpor->identity, queue, ITEMS + (uint32_t)event->value);

    dpor->frames[dpor->open].varies = true;
    dpor_touch(dpor, queue, TOUCH_READ);
    dpor_touch(dpor, end, event->aux == NONE_LEFT ? TOUCH_READ : TOUCH_WRITE);
    if (event->aux != NONE_LEFT)
        dpor_touch(dpor, item, TOUCH_WRITE);
}

static void look(struct dpor *dpor, uint32_t object, unsigned how)
{
    /* Whoever first waits for a deadline lets the clock go; had another come before, it were he. */
    uint32_t first = how == SIM_LOOK_WAITS_FIRST || how == SIM_LOOK_WAITS
                         ? identity_intern(&dpor->identity, 0, 2)
                         : 0;

    static const uint8_t as[] = {TOUCH_READ, TOUCH_WRITE, TOUCH_ENABLE,
                                 TOUCH_READ, TOUCH_JOIN,  TOUCH_ENABLE};

    SIM_ASSERT(how < sizeof(as));
    dpor_touch(dpor, first, how == SIM_LOOK_WAITS_FIRST ? TOUCH_WRITE : TOUCH_READ);
    dpor_touch(dpor, object, (enum touch_how)as[how]);
}

void dpor_look(struct dpor *dpor, const struct sim_event *event, uint32_t object)
{
    if (event->aux == SIM_LOOK_STOPS)
        dpor_touch(dpor, TOUCH_ALL, TOUCH_WRITE);
    else if (event->object == 0)
        look_at_call(dpor, event);
    else if (event->aux >= SIM_LOOK_ITEM_ADDED)
        look_at_item(dpor, object, event);
    else
        look(dpor, object, event->aux);
}
