/* Order: holds back who announces an operation that must come later, as constraints say; what they
 * leave open it does as asyncio and the usual order of threads do.
 *
 * It never lets a constraint pass unnoticed: what cannot be held back (because nothing else can
 * run, or because a task announces nothing) and breaks one, ends the run as diverged. */
#ifndef SIM_POLICY_ORDER_H
#define SIM_POLICY_ORDER_H

#include "sim/base/prng.h"
#include "sim/core/policy.h"
#include "sim/policy/order_spec.h"
#include "sim/trace/sink.h"

enum order_mode {
    ORDER_POLITE, /* the usual order, as long as it breaks nothing */
    ORDER_DRIVEN, /* who has the next event of the list goes first, as far as it can */
    ORDER_RANDOM, /* any order that breaks nothing */
};

enum { ORDER_WHY_MAX = 3 * ORDER_TEXT_MAX };

struct order_state; /* of one event */

struct policy_order {
    struct policy policy; /* first */
    struct sink sink;     /* must be told of the run, too */
    const struct order_spec *spec;
    enum order_mode mode;
    uint64_t seed; /* of ORDER_RANDOM */
    struct prng prng;
    struct order_state *states; /* owned: one an event */
    const struct registry *registry;
    uint32_t scanned; /* objects whose names have been looked at */
    uint32_t step;    /* of the last event */
    bool broken;
    char why[ORDER_WHY_MAX]; /* once a run is broken: what, where and why */
};

/* spec is borrowed.  Returns false when out of memory; policy_order_free is due in either case. */
bool policy_order_init(struct policy_order *order, const struct order_spec *spec,
                       enum order_mode mode, uint64_t seed);
void policy_order_free(struct policy_order *order);

/* After a run: did it fulfil every constraint, and did every event come?  If not, why says more.
 * Who waits for a lock in vain has come as far as the event that takes it. */
bool policy_order_met(struct policy_order *order);

#endif
