#include "sim/sync/semaphore.h"

#include "sim/core/wait.h"

/* Invariant: a permit on its way to a woken turn is not counted in value.
 * Invariant: coming counts the turns that were not cancelled: those in waiting, and those that were
 * woken and have not run yet. */
struct sim_semaphore {
    struct sim *sim;
    struct sim_loop *loop;    /* of those who wait; NULL: nobody has yet */
    struct list_node waiting; /* turns, oldest first */
    int64_t value;
    int64_t bound;
    int64_t coming;
    uint32_t id;
    bool bounded;
};

/* Lives on the stack of the task that waits.
 * Invariant: linked in waiting exactly while its future is pending, so that the first in waiting is
 * who is next, without a search. */
struct turn {
    struct list_node link;
    struct sim_future future;
    struct sim_semaphore *semaphore;
};

struct sim_semaphore *sim_semaphore_new(struct sim *sim, const char *name, int64_t value)
{
    if (value < 0) {
        (void)sim_raise(sim, SIM_VALUE_ERROR, "Semaphore initial value must be >= 0");
        return NULL;
    }
    struct sim_semaphore *semaphore = sim_alloc(sim, sizeof(*semaphore));

    semaphore->sim = sim;
    semaphore->value = value;
    semaphore->id = sim_object_new(sim, SIM_OBJ_SEMAPHORE, name, 0, NULL);
    list_init(&semaphore->waiting);
    return semaphore;
}

struct sim_semaphore *sim_bounded_semaphore_new(struct sim *sim, const char *name, int64_t value)
{
    struct sim_semaphore *semaphore = sim_semaphore_new(sim, name, value);

    if (semaphore == NULL)
        return NULL;
    semaphore->bounded = true;
    semaphore->bound = value;
    return semaphore;
}

bool sim_semaphore_locked(const struct sim_semaphore *semaphore)
{
    sim_look(semaphore->sim, semaphore->id);
    /* Even with a permit free, those who were woken go first. */
    return semaphore->value == 0 || semaphore->coming > 0;
}

int64_t sim_semaphore_value(const struct sim_semaphore *semaphore)
{
    sim_look(semaphore->sim, semaphore->id);
    return semaphore->value;
}

/* As Future.cancel of a turn's future: it no longer stands in anybody's way. */
static bool cancel_turn(struct sim_future *future, const char *message)
{
    struct turn *turn = container_of(future, struct turn, future);

    if (!future_cancel_plain(future, message))
        return false;
    list_remove(&turn->link);
    turn->semaphore->coming--;
    return true;
}

/* Give a permit to who is next.  Returns false if nobody waits. */
static bool hand_over(struct sim_semaphore *semaphore)
{
    if (list_empty(&semaphore->waiting))
        return false;
    struct turn *turn = container_of(semaphore->waiting.next, struct turn, link);

    SIM_ASSERT(semaphore->value > 0);
    list_remove(&turn->link);
    semaphore->value--;
    future_finish(&turn->future, sim_none(), NULL);
    return true;
}

static enum sim_status await_turn(struct sim_semaphore *semaphore, const struct sim_site *site)
{
    struct sim *sim = semaphore->sim;
    struct turn turn = {.semaphore = semaphore};

    future_init(&turn.future, loop_running(sim), semaphore->id);
    turn.future.cancel = cancel_turn;
    list_append(&semaphore->waiting, &turn.link);
    semaphore->coming++;
    enum sim_status status =
        task_wait(sim, &turn.future, SIM_WAIT_SEMAPHORE, semaphore->id, 0, site);

    SIM_ASSERT(turn.future.state != FUTURE_PENDING);
    if (turn.future.state == FUTURE_FINISHED) {
        semaphore->coming--;
        /* Woken and then cancelled: the permit goes back. */
        if (status != SIM_OK)
            semaphore->value++;
    }
    return status;
}

enum sim_status(sim_semaphore_acquire)(struct sim_semaphore *semaphore, const struct sim_site *site)
{
    struct sim *sim = semaphore->sim;

    if (!sim_semaphore_locked(semaphore)) {
        semaphore->value--;
        sim_op(sim, SIM_EV_SEM_ACQUIRE, .actor = sim_actor(sim), .object = semaphore->id,
               .value = semaphore->value, .site = site);
        return SIM_OK;
    }
    SIM_TRY(wait_bind(sim, &semaphore->loop, "Semaphore"));
    sim_op(sim, SIM_EV_BLOCK, .actor = sim_actor(sim), .object = semaphore->id, .site = site);
    enum sim_status status = await_turn(semaphore, site);

    if (status == SIM_OK)
        sim_op(sim, SIM_EV_SEM_ACQUIRE, .actor = sim_actor(sim), .object = semaphore->id,
               .value = semaphore->value, .site = site);
    /* Others may have come meanwhile and waited, out of fairness, although there were permits. */
    while (semaphore->value > 0 && hand_over(semaphore))
        ;
    return status;
}

enum sim_status(sim_semaphore_release)(struct sim_semaphore *semaphore, const struct sim_site *site)
{
    struct sim *sim = semaphore->sim;

    if (semaphore->bounded && semaphore->value >= semaphore->bound)
        return sim_raise(sim, SIM_VALUE_ERROR, "BoundedSemaphore released too many times");
    semaphore->value++;
    sim_op(sim, SIM_EV_SEM_RELEASE, .actor = sim_actor(sim), .object = semaphore->id,
           .value = semaphore->value, .site = site);
    (void)hand_over(semaphore);
    return SIM_OK;
}

enum sim_status(sim_semaphore_with)(struct sim_semaphore *semaphore, sim_body_fn body, void *arg,
                                    const struct sim_site *site)
{
    SIM_TRY((sim_semaphore_acquire)(semaphore, site));
    enum sim_status status = body(semaphore->sim, arg);
    enum sim_status released = (sim_semaphore_release)(semaphore, site);

    return status != SIM_OK ? status : released;
}
