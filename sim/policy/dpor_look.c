/* What it means to dpor that somebody looks at something, or changes it, without an event of its
 * own: see enum sim_look. */
#include "sim/base/assert.h"
#include "sim/policy/dpor_state.h"

static uint32_t kind_of_call(int64_t call)
{
    return (uint32_t)call >> SIM_CALL_SHIFT;
}

/* The number of a call as the object of a touch: 8 bits for the loop, 2 for the kind, and the rest.
 */
static uint32_t number_of_call(int64_t call)
{
    enum { BITS = 22 };
    uint32_t nth = (uint32_t)call & ((1u << BITS) - 1);

    return (uint32_t)(call >> 32 << 24) ^ kind_of_call(call) << BITS ^ nth;
}

/* Would the loop, the only one, have waited if other threads had not added what it is to call? */
static bool awaits(const struct dpor *dpor, const struct sim_event *event)
{
    return (uint32_t)event->value == 1 && !dpor->many_loops;
}

/* Calls of a loop stay in order among those of their kind.  Whoever adds one has a place in that
 * order; of timers, one may become due that comes before those that are, or before others that are
 * still to come due. */
static void look_at_call(struct dpor *dpor, const struct sim_event *event)
{
    uint32_t kind = kind_of_call(event->value);

    dpor->many_loops |= event->value >> 32 > 1;
    /* Where tasks keep their order, what a loop's thread does next is what is in its queue. */
    if (!dpor->turns || kind == 0) {
        bool turn = event->aux == SIM_LOOK_TURN;

        if (!turn && event->aux != SIM_LOOK_CALL_MADE)
            dpor_touch(dpor, dpor_callbacks(dpor, 0), TOUCH_WRITE);
        else if (turn && !dpor->turns && dpor->threads)
            dpor_touch(dpor, dpor_callbacks(dpor, 0),
                       awaits(dpor, event) ? TOUCH_AWAIT : TOUCH_READ);
    }
    switch (event->aux) {
    case SIM_LOOK_CALL_ADDED:
        dpor_touch(dpor, number_of_call(event->value), TOUCH_ADDED);
        break;
    case SIM_LOOK_CALL_MADE:
        dpor_touch(dpor, number_of_call(event->value), TOUCH_MADE);
        if (kind != 0)
            dpor_touch(dpor, dpor_own(dpor, DPOR_OWN_FRONT + kind), TOUCH_READ);
        break;
    case SIM_LOOK_CALL_FIRST:
        dpor_touch(dpor, dpor_own(dpor, DPOR_OWN_FRONT + kind), TOUCH_WRITE);
        break;
    case SIM_LOOK_AT:
        dpor_touch(dpor, dpor_own(dpor, DPOR_OWN_ORDER + kind), TOUCH_WRITE);
        break;
    default:
        break;
    }
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

/* Does a turn wait for the clock in the midst of its step, so that this lets nobody else go? */
static bool waits_inside(const struct dpor *dpor, const struct sim_event *event)
{
    return (event->aux == SIM_LOOK_WAITS_FIRST || event->aux == SIM_LOOK_WAITS) &&
           event->value != 0 && dpor_has_loop_alone(dpor) && dpor->frames[dpor->open].of_task;
}

static void look(struct dpor *dpor, uint32_t object, unsigned how)
{
    /* Whoever first waits for a deadline lets the clock go; had another come before, it were he. */
    uint32_t first = how == SIM_LOOK_WAITS_FIRST || how == SIM_LOOK_WAITS
                         ? dpor_own(dpor, DPOR_OWN_FIRST_WAIT)
                         : 0;

    static const uint8_t as[] = {TOUCH_READ, TOUCH_WRITE, TOUCH_ENABLE,
                                 TOUCH_READ, TOUCH_JOIN,  TOUCH_ENABLE};

    SIM_ASSERT(how < sizeof(as));
    dpor_touch(dpor, first, how == SIM_LOOK_WAITS_FIRST ? TOUCH_WRITE : TOUCH_READ);
    dpor_touch(dpor, object, (enum touch_how)as[how]);
}

static void look_at_time(struct dpor *dpor)
{
    if (dpor_has_loop_alone(dpor))
        dpor_touch(dpor, dpor_own(dpor, DPOR_OWN_TIME), TOUCH_READ);
}

void dpor_look(struct dpor *dpor, const struct sim_event *event, uint32_t object)
{
    enum { HANDLE = 1 << 30 };

    if (event->aux == SIM_LOOK_STOPS)
        dpor_touch(dpor, TOUCH_ALL, TOUCH_WRITE);
    else if (event->aux == SIM_LOOK_CANCELLED)
        dpor_cancel(dpor, object);
    else if (event->aux == SIM_LOOK_HANDLE)
        dpor_touch(dpor, identity_intern(&dpor->identity, object, HANDLE | (uint32_t)event->value),
                   TOUCH_WRITE);
    else if (event->aux == SIM_LOOK_SELECTS)
        dpor->selects = true;
    else if (event->aux == SIM_LOOK_TIME)
        look_at_time(dpor);
    else if (event->object == 0)
        look_at_call(dpor, event);
    else if (event->aux >= SIM_LOOK_ITEM_ADDED)
        look_at_item(dpor, object, event);
    else if (!waits_inside(dpor, event))
        look(dpor, object, event->aux);
}
