#include "sim/combine/wait_for.h"

#include "sim/core/future_state.h"

static void inner_done(struct sim_future *inner, void *arg)
{
    struct sim_future *outer = arg;

    if (outer->state == FUTURE_CANCELLED) {
        if (inner->state == FUTURE_FINISHED)
            (void)future_take_exception(inner);
        return;
    }
    if (inner->state == FUTURE_CANCELLED)
        (void)future_cancel_plain(outer, NULL);
    else
        future_finish(outer, inner->value, future_take_exception(inner));
}

static void outer_done(struct sim_future *outer, void *arg)
{
    struct sim_future *inner = arg;

    if (inner->state == FUTURE_PENDING)
        (void)(sim_remove_done_callback)(inner, inner_done, outer);
}

struct sim_future *(sim_shield)(struct sim_future *inner, const struct sim_site *site)
{
    struct sim *sim = inner->loop->sim;

    if (inner->state != FUTURE_PENDING)
        return inner;
    struct sim_future *outer = sim_alloc(sim, sizeof(*outer));

    future_init(outer, inner->loop, sim_object_new(sim, SIM_OBJ_FUTURE, "shield", 0, site));
    (sim_add_done_callback)(inner, inner_done, outer);
    (sim_add_done_callback)(outer, outer_done, inner);
    return outer;
}
