#include "sim/sync/queue.h"

#include <limits.h>

#include "sim/core/wait.h"
#include "sim/sync/heap.h"

enum order { FIRST_OUT, LEAST_OUT, LAST_OUT };

/* A ring: item i is slots[(head + i) % capacity].  The heap and the stack keep head at 0. */
struct items {
    struct sim_value *slots;
    size_t capacity;
    size_t head;
    size_t count;
};

/* Invariant: in getters and putters stand the waiters that nobody has woken; a cancelled one until
 * its task runs, or until somebody who looks for whom to wake throws it out.
 * Invariant: who waits in join is woken when unfinished becomes 0. */
struct sim_queue {
    struct sim *sim;
    struct sim_loop *loop; /* of those who wait; NULL: nobody has yet */
    struct items items;
    struct list_node getters;
    struct list_node putters;
    struct list_node joiners;
    sim_compare_fn compare;
    int64_t maxsize;
    size_t unfinished;
    uint32_t id;
    uint8_t order; /* enum order */
    bool is_shut_down;
};

static struct sim_queue *queue_new(struct sim *sim, const char *name, int64_t maxsize,
                                   enum order order)
{
    struct sim_queue *queue = sim_alloc(sim, sizeof(*queue));

    queue->sim = sim;
    queue->maxsize = maxsize;
    queue->order = (uint8_t)order;
    queue->id = sim_object_new(sim, SIM_OBJ_QUEUE, name, 0, NULL);
    list_init(&queue->getters);
    list_init(&queue->putters);
    list_init(&queue->joiners);
    return queue;
}

struct sim_queue *sim_queue_new(struct sim *sim, const char *name, int64_t maxsize)
{
    return queue_new(sim, name, maxsize, FIRST_OUT);
}

struct sim_queue *sim_priority_queue_new(struct sim *sim, const char *name, int64_t maxsize,
                                         sim_compare_fn compare)
{
    struct sim_queue *queue = queue_new(sim, name, maxsize, LEAST_OUT);

    queue->compare = compare;
    return queue;
}

struct sim_queue *sim_lifo_queue_new(struct sim *sim, const char *name, int64_t maxsize)
{
    return queue_new(sim, name, maxsize, LAST_OUT);
}

static struct sim_value *slot(struct items *items, size_t i)
{
    return &items->slots[(items->head + i) % items->capacity];
}

static void grow(struct sim *sim, struct items *items)
{
    size_t capacity = items->capacity == 0 ? 8 : 2 * items->capacity;
    struct sim_value *slots = sim_alloc(sim, capacity * sizeof(*slots));

    for (size_t i = 0; i < items->count; i++)
        slots[i] = *slot(items, i);
    items->slots = slots;
    items->capacity = capacity;
    items->head = 0;
}

/* As Queue._put.  In a heap the item stays even if it cannot be compared. */
static enum sim_status items_put(struct sim_queue *queue, struct sim_value item)
{
    struct items *items = &queue->items;

    if (items->count == items->capacity)
        grow(queue->sim, items);
    *slot(items, items->count++) = item;
    if (queue->order != LEAST_OUT)
        return SIM_OK;
    return heap_pushed(queue->sim, items->slots, items->count, queue->compare);
}

/* As Queue._get.  In a heap the item is lost if others cannot be compared. */
static enum sim_status items_get(struct sim_queue *queue, struct sim_value *item)
{
    struct items *items = &queue->items;

    SIM_ASSERT(items->count > 0);
    size_t count = items->count--;

    switch ((enum order)queue->order) {
    case LEAST_OUT:
        return heap_pop(queue->sim, items->slots, count, queue->compare, item);
    case LAST_OUT:
        *item = *slot(items, items->count);
        return SIM_OK;
    case FIRST_OUT:
        break;
    }
    *item = *slot(items, 0);
    items->head = (items->head + 1) % items->capacity;
    return SIM_OK;
}

/* Wake the first waiter that is not cancelled; those before it need not stand here any more. */
static bool wake_next(struct list_node *waiters)
{
    while (!list_empty(waiters)) {
        struct waiter *waiter = container_of(waiters->next, struct waiter, link);

        list_remove(&waiter->link);
        if (waiter->future.state == FUTURE_PENDING) {
            future_finish(&waiter->future, sim_none(), NULL);
            return true;
        }
    }
    return false;
}

/* Wait to be woken; *woken says whether that came to pass, even if the task was cancelled then. */
static enum sim_status await_change(struct sim_queue *queue, struct list_node *waiters,
                                    enum sim_wait why, bool *woken, const struct sim_site *site)
{
    struct waiter waiter;

    SIM_TRY(wait_bind(queue->sim, &queue->loop, "Queue"));
    future_init(&waiter.future, loop_running(queue->sim), queue->id);
    list_append(waiters, &waiter.link);
    enum sim_status status = task_wait(queue->sim, &waiter.future, why, queue->id, 0, site);

    SIM_ASSERT(waiter.future.state != FUTURE_PENDING);
    list_remove(&waiter.link); /* if it still stands there */
    *woken = waiter.future.state == FUTURE_FINISHED;
    return status;
}

static enum sim_status refuse(struct sim_queue *queue, enum sim_status status)
{
    return sim_raise(queue->sim, status, "%s", "");
}

enum sim_status(sim_queue_put)(struct sim_queue *queue, struct sim_value item,
                               const struct sim_site *site)
{
    while (sim_queue_full(queue)) {
        bool woken = false;

        if (queue->is_shut_down)
            return refuse(queue, SIM_QUEUE_SHUT_DOWN);
        enum sim_status status = await_change(queue, &queue->putters, SIM_WAIT_PUT, &woken, site);

        if (status != SIM_OK) {
            /* The room that it was woken for is somebody else's. */
            if (woken && !sim_queue_full(queue))
                (void)wake_next(&queue->putters);
            return status;
        }
    }
    return (sim_queue_put_nowait)(queue, item, site);
}

enum sim_status(sim_queue_get)(struct sim_queue *queue, struct sim_value *item,
                               const struct sim_site *site)
{
    while (sim_queue_empty(queue)) {
        bool woken = false;

        if (queue->is_shut_down)
            return refuse(queue, SIM_QUEUE_SHUT_DOWN);
        enum sim_status status = await_change(queue, &queue->getters, SIM_WAIT_GET, &woken, site);

        if (status != SIM_OK) {
            /* The item that it was woken for is somebody else's. */
            if (woken && !sim_queue_empty(queue))
                (void)wake_next(&queue->getters);
            return status;
        }
    }
    return (sim_queue_get_nowait)(queue, item, site);
}

enum sim_status(sim_queue_put_nowait)(struct sim_queue *queue, struct sim_value item,
                                      const struct sim_site *site)
{
    struct sim *sim = queue->sim;

    if (queue->is_shut_down)
        return refuse(queue, SIM_QUEUE_SHUT_DOWN);
    if (sim_queue_full(queue))
        return refuse(queue, SIM_QUEUE_FULL);
    SIM_TRY(items_put(queue, item));
    queue->unfinished++;
    sim_op(sim, SIM_EV_PUT, .actor = sim_actor(sim), .object = queue->id,
           .value = sim_value_number(item), .site = site);
    (void)wake_next(&queue->getters);
    return SIM_OK;
}

enum sim_status(sim_queue_get_nowait)(struct sim_queue *queue, struct sim_value *item,
                                      const struct sim_site *site)
{
    struct sim *sim = queue->sim;
    struct sim_value taken = sim_none();

    if (sim_queue_empty(queue))
        return refuse(queue, queue->is_shut_down ? SIM_QUEUE_SHUT_DOWN : SIM_QUEUE_EMPTY);
    SIM_TRY(items_get(queue, &taken));
    sim_op(sim, SIM_EV_GET, .actor = sim_actor(sim), .object = queue->id,
           .value = sim_value_number(taken), .site = site);
    (void)wake_next(&queue->putters);
    if (item != NULL)
        *item = taken;
    return SIM_OK;
}

enum sim_status(sim_queue_task_done)(struct sim_queue *queue, const struct sim_site *site)
{
    struct sim *sim = queue->sim;

    sim_look(sim, queue->id);
    if (queue->unfinished == 0)
        return sim_raise(sim, SIM_VALUE_ERROR, "task_done() called too many times");
    queue->unfinished--;
    sim_op(sim, SIM_EV_TASK_DONE, .actor = sim_actor(sim), .object = queue->id,
           .value = (int64_t)queue->unfinished, .site = site);
    if (queue->unfinished == 0)
        (void)waitq_wake(&queue->joiners, INT_MAX);
    return SIM_OK;
}

enum sim_status(sim_queue_join)(struct sim_queue *queue, const struct sim_site *site)
{
    struct sim *sim = queue->sim;

    if (queue->unfinished > 0) {
        SIM_TRY(wait_bind(sim, &queue->loop, "Queue"));
        SIM_TRY(waitq_park(sim, &queue->joiners, SIM_WAIT_QUEUE_JOIN, queue->id, site));
    }
    sim_op(sim, SIM_EV_QUEUE_JOIN, .actor = sim_actor(sim), .object = queue->id, .site = site);
    return SIM_OK;
}

enum sim_status(sim_queue_shutdown)(struct sim_queue *queue, bool immediate,
                                    const struct sim_site *site)
{
    struct sim *sim = queue->sim;

    queue->is_shut_down = true;
    sim_op(sim, SIM_EV_SHUTDOWN, .actor = sim_actor(sim), .object = queue->id, .value = immediate,
           .site = site);
    while (immediate && !sim_queue_empty(queue)) {
        struct sim_value dropped;

        SIM_TRY(items_get(queue, &dropped));
        if (queue->unfinished > 0)
            queue->unfinished--;
    }
    if (immediate && queue->unfinished == 0)
        (void)waitq_wake(&queue->joiners, INT_MAX);
    while (wake_next(&queue->getters))
        ;
    while (wake_next(&queue->putters))
        ;
    return SIM_OK;
}

size_t sim_queue_size(const struct sim_queue *queue)
{
    sim_look(queue->sim, queue->id);
    return queue->items.count;
}

int64_t sim_queue_maxsize(const struct sim_queue *queue)
{
    return queue->maxsize;
}

bool sim_queue_empty(const struct sim_queue *queue)
{
    sim_look(queue->sim, queue->id);
    return queue->items.count == 0;
}

bool sim_queue_full(const struct sim_queue *queue)
{
    sim_look(queue->sim, queue->id);
    return queue->maxsize > 0 && queue->items.count >= (size_t)queue->maxsize;
}

size_t sim_queue_unfinished(const struct sim_queue *queue)
{
    sim_look(queue->sim, queue->id);
    return queue->unfinished;
}

static size_t length(const struct list_node *waiters)
{
    size_t count = 0;

    LIST_EACH(node, waiters)
    {
        count++;
    }
    return count;
}

size_t sim_queue_getters(const struct sim_queue *queue)
{
    return length(&queue->getters);
}

size_t sim_queue_putters(const struct sim_queue *queue)
{
    return length(&queue->putters);
}
